#!/usr/bin/env bash
# Runs everything: build, unit tests and system tests on JDK 17, system tests on JDK 25 if there is
# one, and a build with it. Details go to log files; the totals come last.
set -euo pipefail
cd "$(dirname "$(readlink -f "${BASH_SOURCE[0]}")")/.."
. deploy/install-missing.sh

logs=$PWD/target/verify
failed_steps=()
running=
scratch=

# Ends what is under way, by its process group, and removes the scratch copy.
cleanup() {
  if [ -n "$running" ]; then
    kill -TERM -- "-$running" 2>/dev/null || true
    wait "$running" 2>/dev/null || true
  fi
  [ -z "$scratch" ] || rm -rf "$scratch"
}
trap cleanup EXIT
trap 'exit 130' INT
trap 'exit 143' TERM

# Runs $2… with its output in the log file $1.log, in a process group of its own.
step() {
  local name=$1 begin=$SECONDS result=0
  shift
  printf '%-28s' "$name"
  set -m
  "$@" >"$logs/$name.log" 2>&1 </dev/null &
  running=$!
  set +m
  wait "$running" || result=$?
  running=
  if [ "$result" = 0 ]; then
    echo "done, $((SECONDS - begin)) s"
  else
    echo "FAILED, $((SECONDS - begin)) s: $logs/$name.log"
    failed_steps+=("$name")
  fi
}

# Reads all reports: a line "failed NAME" for each failed test, "total PASSED FAILED SKIPPED" last.
results() {
  find . -path '*/target/*-reports*' -name 'TEST-*.xml' -print0 | xargs -0 -r awk '
    function value(name) {
      return match($0, " " name "=\"[0-9]+\"") ? substr($0, RSTART + length(name) + 3) + 0 : 0
    }
    function text(name) {
      match($0, " " name "=\"[^\"]*\"")
      return substr($0, RSTART + length(name) + 3, RLENGTH - length(name) - 4)
    }
    /^<testsuite / && !seen[FILENAME]++ {
      tests += value("tests"); bad += value("errors") + value("failures"); skipped += value("skipped")
    }
    /^ *<testcase / { name = text("classname") "." text("name") }
    /^ *<(failure|error)[ >]/ { print "failed", name, "(" FILENAME ")" }
    END { print "total", tests - bad - skipped, bad + 0, skipped + 0 }' |
    awk '/^total/ { p += $2; f += $3; s += $4; next } { print } END { print "total", p + 0, f + 0, s + 0 }'
}

export PATH=$PATH:/usr/sbin:/sbin
tools=()
for each in nginx:nginx haproxy:haproxy wrk:wrk strace:strace ss:iproute2 unshare:util-linux \
  setpriv:util-linux script:bsdutils ps:procps curl:curl openssl:openssl h2load:nghttp2-client; do
  command -v "${each%%:*}" >/dev/null || tools+=("${each##*:}")
done
[ ${#tools[@]} = 0 ] || install_packages "the tests" "${tools[@]}"
need_maven
find_jdk 17 >/dev/null || install_packages "the tests" openjdk-17-jdk-headless || need_jdk
jdk=$(find_jdk 17 || find_jdk)
jdk25=$(find_jdk 25 || true)
export JAVA_HOME=$jdk

mkdir -p "$logs"
find . -path '*/target/*-reports*' -name 'TEST-*.xml' -delete

step "jdk-$(jdk_version "$jdk")" mvn -B -fae -Dmaven.test.failure.ignore=true verify
if [ -z "$jdk25" ]; then
  echo "jdk-25                      skipped: no JDK 25 in JAVA_HOME, PATH or /usr/lib/jvm"
elif [ "$jdk25" != "$jdk" ]; then
  step jdk-25-system mvn -B -Dmaven.test.failure.ignore=true -pl deploy/system-tests -am \
    -Dspotless.check.skip=true -Dtest=none -Dsurefire.failIfNoSpecifiedTests=false \
    -Dtidepool.test.java-home="$jdk25" \
    -Dtidepool.test.reports="$PWD/deploy/system-tests/target/failsafe-reports-25" verify
  scratch=$(mktemp -d)
  tar --exclude=target --exclude=.git -cf - . | tar -xf - -C "$scratch"
  step jdk-25-build env JAVA_HOME="$jdk25" mvn -B -q -Dspotless.check.skip=true \
    -f "$scratch/pom.xml" test-compile
fi

results >"$logs/results.txt"
read -r _ passed failed skipped < <(tail -1 "$logs/results.txt")
[ "$passed" != 0 ] || failed_steps+=("no test passed")
if [ "$failed" != 0 ] || [ ${#failed_steps[@]} != 0 ]; then
  [ ${#failed_steps[@]} = 0 ] || echo "failed steps: ${failed_steps[*]}"
  grep '^failed' "$logs/results.txt" || true
  echo "logs: $logs, the reports named above, and kept/ beside those of the system tests"
fi
echo "$passed passed, $failed failed, $skipped skipped"
[ "$failed" = 0 ] && [ ${#failed_steps[@]} = 0 ]
