#!/usr/bin/env bash
# Gatling simulations against a pool of the assembled distribution, alone and behind nginx and
# HAProxy; reports are in load-tests/target/gatling. Fails if one of them lost what it may not lose.
#   --smoke                a short run of all
#   --can-fail             kills the whole pool under load, and fails unless that is noticed
#   --address URL          loads a pool that runs elsewhere with what needs no operator
#   --run-dir DIR          with --address, of a pool on this machine: with all but the proxies
# Every other argument names a simulation to run, such as SteadyLoad.
set -euo pipefail
cd "$(dirname "$(readlink -f "${BASH_SOURCE[0]}")")/.."
. deploy/install-missing.sh

needs_no_operator=(SteadyLoad Ramp SessionConsistency)
needs_operator=(ReloadUnderLoad CrashUnderLoad HangUnderLoad)
needs_proxy=(BehindNginx BehindHaproxy)

simulations=() seconds=60 users=32 can_fail='' address='' run_dir=''
while [ $# -gt 0 ]; do
  case "$1" in
    --smoke) seconds=2 users=16 ;;
    --can-fail) can_fail=yes seconds=6 users=16 simulations=(SteadyLoad) ;;
    --address) address=$2 && shift ;;
    --run-dir) run_dir=$2 && shift ;;
    [A-Z]*) simulations+=("$1") ;;
    *)
      sed -n '2,/^set/s/^# //p' "$0" >&2
      exit 2
      ;;
  esac
  shift
done

need_jdk
JAVA_HOME=$(find_jdk)
export JAVA_HOME
need_maven
command=$PWD/deploy/target/tidepool/bin/tidepool
results=$PWD/load-tests/target/gatling
work=$(mktemp -d)
started=()
cleanup() {
  local pid
  for pid in "${started[@]}"; do
    kill -TERM "$pid" 2>/dev/null || true
    wait "$pid" 2>/dev/null || true
  done
  rm -rf "$work"
}
trap cleanup EXIT
trap 'exit 130' INT
trap 'exit 143' TERM

# Waits until the URL $1 answers; $2 is the log to show if it does not.
await() {
  local deadline=$((SECONDS + 120))
  until curl -fsS -o "$work/answer" -m 2 "$1" 2>"$work/curl.txt"; do
    if [ "$SECONDS" -ge "$deadline" ]; then
      cat "$work/curl.txt" "$2" >&2
      return 1
    fi
    sleep 0.2
  done
}

free_port() {
  local port
  while :; do
    port=$((20000 + RANDOM % 10000))
    (: <"/dev/tcp/127.0.0.1/$port") 2>/dev/null || break
  done
  echo "$port"
}

start_pool() {
  run_dir=$work/run
  "$command" run --set run-dir="$run_dir" --set listen.http=127.0.0.1:0 --set listen.admin=off \
    --set sessions.dir="$work/sessions" --set health.stopped-timeout=8s \
    --set drain.idle-window=1s >"$work/pool.txt" 2>&1 &
  started+=($!)
  local deadline=$((SECONDS + 120))
  until address=$("$command" status --json --run-dir="$run_dir" 2>/dev/null |
    sed -n 's/.*"http":\["\([^"]*\)".*/http:\/\/\1/p') && [ -n "$address" ]; do
    if [ "$SECONDS" -ge "$deadline" ] || ! kill -0 "${started[0]}" 2>/dev/null; then
      cat "$work/pool.txt" >&2
      return 1
    fi
    sleep 0.2
  done
  await "$address/hello" "$work/pool.txt"
}

start_proxies() {
  command -v nginx >/dev/null || install_packages "the simulations" nginx-light
  command -v haproxy >/dev/null || install_packages "the simulations" haproxy
  local port
  port=$(free_port)
  nginx=http://127.0.0.1:$port
  cat >"$work/nginx.conf" <<END
daemon off;
pid $work/nginx.pid;
error_log $work/nginx.txt warn;
events { worker_connections 1024; }
http {
  access_log off;
  client_body_temp_path $work/body;
  proxy_temp_path $work/proxy;
  fastcgi_temp_path $work/fastcgi;
  uwsgi_temp_path $work/uwsgi;
  scgi_temp_path $work/scgi;
  upstream tidepool { server ${address#http://}; keepalive 8; }
  server {
    listen 127.0.0.1:$port;
    location / {
      proxy_pass http://tidepool;
      proxy_http_version 1.1;
      proxy_set_header Connection "";
    }
  }
}
END
  nginx -c "$work/nginx.conf" -p "$work" &
  started+=($!)
  port=$(free_port)
  haproxy=http://127.0.0.1:$port
  cat >"$work/haproxy.cfg" <<END
defaults
  mode http
  timeout connect 10s
  timeout client 60s
  timeout server 60s
  http-reuse safe
frontend web
  bind 127.0.0.1:$port
  default_backend tidepool
backend tidepool
  server one ${address#http://}
END
  haproxy -db -f "$work/haproxy.cfg" >"$work/haproxy.txt" 2>&1 &
  started+=($!)
  await "$nginx/hello" "$work/nginx.txt"
  await "$haproxy/hello" "$work/haproxy.txt"
}

# A loss that must turn the steady load red. Without workers alone it would wait for new ones.
kill_pool() {
  until compgen -G "$results/steadyload-*/simulation.log" >/dev/null; do sleep 0.2; done
  sleep 1
  "$command" status --json --run-dir="$run_dir" | grep -o '"pid":[0-9]*' | cut -d: -f2 | xargs kill -KILL
}

nginx='' haproxy='' own=''
if [ -z "$address" ]; then
  own=yes
  if [ ! -x "$command" ]; then
    mvn -q -B -Dmaven.test.skip=true -Dspotless.check.skip=true -pl deploy -am package </dev/null
  fi
  start_pool
  start_proxies
fi
if [ ${#simulations[@]} = 0 ]; then
  simulations=("${needs_no_operator[@]}")
  [ -z "$run_dir" ] || simulations+=("${needs_operator[@]}")
  [ -z "$own" ] || simulations+=("${needs_proxy[@]}")
fi

rm -rf "$results"
if [ -n "$can_fail" ]; then
  kill_pool &
fi
passed=yes
mvn -q -B -Dspotless.check.skip=true -f load-tests/gatling/pom.xml test-compile gatling:test \
  -Dgatling.includes="$(printf 'dev.tidepool.gatling.%s,' "${simulations[@]}")" \
  -Dtidepool.address="$address" -Dtidepool.nginx="$nginx" -Dtidepool.haproxy="$haproxy" \
  -Dtidepool.command="$command" -Dtidepool.run-dir="$run_dir" \
  -Dtidepool.seconds="$seconds" -Dtidepool.users="$users" >"$work/gatling.txt" 2>&1 </dev/null ||
  passed=
grep -E 'requests lost|served by' "$work/gatling.txt" || true

# Verdicts as Gatling printed them: each report is followed by what was promised.
awk -F/ '
  /^Reports generated/ { report = $0; sub(/.*file:\/\//, "", report); name = $(NF - 1); sub(/-.*/, "", name) }
  / : (true|false) \(actual/ { print name, / : true / ? "passed" : "FAILED", report ": " $0 }
' "$work/gatling.txt" >"$work/verdicts.txt"
for each in "${simulations[@]}"; do
  if ! grep -q "^${each,,} " "$work/verdicts.txt"; then
    echo "$each: FAILED, it did not run"
    passed=
  elif grep "^${each,,} FAILED " "$work/verdicts.txt" >"$work/failed.txt"; then
    echo "$each: FAILED, $(cut -d' ' -f3- "$work/failed.txt")"
    passed=
  else
    echo "$each: passed"
  fi
done
if [ -n "$can_fail" ]; then
  grep -q "^steadyload FAILED" "$work/verdicts.txt" && echo "a loss is noticed" && exit 0
  echo "a loss is not noticed" >&2
  exit 1
fi
if [ -z "$passed" ]; then
  tail -30 "$work/gatling.txt" >&2
  exit 1
fi
