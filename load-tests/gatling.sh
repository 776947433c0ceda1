#!/usr/bin/env bash
# Gatling simulations against a pool of the assembled distribution, alone and behind nginx and
# HAProxy; reports are in load-tests/target/gatling. Fails if one of them lost what it may not lose.
#   --smoke                a short run of all
#   --can-fail             kills the whole pool under load, and fails unless that is noticed
#   --address URL          loads a pool that runs elsewhere with what needs no operator
#   --run-dir DIR          with --address, of a pool on this machine: with a reload and lost workers too
# Every other argument names a simulation to run, such as SteadyLoad. With --address, Http2UnderLoad
# needs one that begins with https, SoakWithRecycling a pool that recycles its workers (recycle.*).
set -euo pipefail
. "$(dirname "$(readlink -f "$0")")/prepare.sh"

needs_no_operator=(SteadyLoad Ramp SessionConsistency)
needs_operator=(ReloadUnderLoad CrashUnderLoad HangUnderLoad WebSocketsOverReload)
needs_own=(BehindNginx BehindHaproxy Http2UnderLoad SoakWithRecycling)

# For short runs: each simulation has a JVM, which would do little but compile.
short_lived=(-Dgatling.jvmArgs=-XX:TieredStopAtLevel=1)

simulations=() seconds=60 users=32 can_fail='' address='' run_dir='' jvm=()
while [ $# -gt 0 ]; do
  case "$1" in
    --smoke) seconds=2 users=16 jvm=("${short_lived[@]}") ;;
    --can-fail) can_fail=yes seconds=6 users=16 simulations=(SteadyLoad) jvm=("${short_lived[@]}") ;;
    --address) address=$2 && shift ;;
    --run-dir) run_dir=$2 && shift ;;
    [A-Z]*) simulations+=("$1") ;;
    *) usage ;;
  esac
  shift
done

use_jdk
need_maven
command=$PWD/deploy/target/tidepool/bin/tidepool
results=$PWD/load-tests/target/gatling
archives=$PWD/deploy/target/archives
purpose='the simulations'
make_work_directory

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

# Starts a pool in the directory $work/$1 with the settings that follow, and waits until it answers. What
# it listens on, as status names it, is then in the file $work/$1/status.json.
start_pool() {
  local directory=$work/$1 settings=() each pid deadline=$((SECONDS + 120))
  shift
  mkdir "$directory"
  for each in "$@" run-dir="$directory/run" sessions.dir="$directory/sessions" \
    class-archive.dir="$archives" listen.admin=off listen.http=127.0.0.1:0 \
    health.stopped-timeout=4s drain.idle-window=1s drain.spread=1s; do
    settings+=(--set "$each")
  done
  "$command" run "${settings[@]}" >"$directory/log.txt" 2>&1 &
  pid=$!
  started+=("$pid")
  until "$command" status --json --run-dir="$directory/run" >"$directory/status.json" 2>/dev/null &&
    grep -q '"http":\["' "$directory/status.json"; do
    if [ "$SECONDS" -ge "$deadline" ] || ! kill -0 "$pid" 2>/dev/null; then
      cat "$directory/log.txt" >&2
      return 1
    fi
    sleep 0.2
  done
  await "$(address_of "${directory##*/}" http)/hello" "$directory/log.txt"
}

# Where the pool $1 listens for $2, http or https.
address_of() {
  sed -n "s/.*\"$2\":\\[\"\\([^\"]*\\)\".*/$2:\\/\\/\\1/p" "$work/$1/status.json"
}

# Whether the simulation $1 is to run.
runs() {
  [[ " ${simulations[*]} " == *" $1 "* ]]
}

start_pools() {
  need_tool openssl
  openssl req -x509 -days 2 -subj /CN=localhost -newkey rsa:2048 -nodes -keyout "$work/key.pem" \
    -out "$work/certificate.pem" 2>"$work/openssl.txt" || { cat "$work/openssl.txt" >&2 && return 1; }
  "$command" archive --set class-archive.dir="$archives" >"$work/archive.txt"
  start_pool pool listen.https=127.0.0.1:0 \
    "tls.certificates=[{certificate=\"$work/certificate.pem\",key=\"$work/key.pem\"}]"
  run_dir=$work/pool/run
  address=$(address_of pool http)
  https=$(address_of pool https)
  if runs SoakWithRecycling; then
    start_pool recycling recycle.requests=100 recycle.interval=100ms \
      workers.restart-delay=10ms workers.restart-delay-max=10ms
    recycling=$(address_of recycling http)
    recycling_run_dir=$work/recycling/run
  fi
}

start_proxies() {
  need_tool nginx nginx-light
  need_tool haproxy
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

own='' nginx='' haproxy='' https='' recycling='' recycling_run_dir=''
[ -n "$address" ] || own=yes
if [ ${#simulations[@]} = 0 ]; then
  simulations=("${needs_no_operator[@]}")
  [ -z "$own$run_dir" ] || simulations+=("${needs_operator[@]}")
  [ -z "$own" ] || simulations+=("${needs_own[@]}")
fi
if [ -n "$own" ]; then
  build_unless deploy -Dmaven.test.skip=true "$command"
  start_pools
  if runs BehindNginx || runs BehindHaproxy; then
    start_proxies
  fi
fi

rm -rf "$results"
if [ -n "$can_fail" ]; then
  kill_pool &
fi
passed=yes
mvn -q -B -Dspotless.check.skip=true -f load-tests/gatling/pom.xml test-compile gatling:test \
  -Dgatling.includes="$(printf 'dev.tidepool.gatling.%s,' "${simulations[@]}")" \
  -Dtidepool.address="$address" -Dtidepool.nginx="${nginx:-$address}" \
  -Dtidepool.haproxy="${haproxy:-$address}" -Dtidepool.https="${https:-$address}" \
  -Dtidepool.recycling="${recycling:-$address}" \
  -Dtidepool.recycling-run-dir="${recycling_run_dir:-$run_dir}" \
  -Dtidepool.command="$command" -Dtidepool.run-dir="$run_dir" \
  -Dtidepool.seconds="$seconds" -Dtidepool.users="$users" "${jvm[@]}" >"$work/gatling.txt" 2>&1 </dev/null ||
  passed=
grep -E 'requests lost|served by|were recycled' "$work/gatling.txt" || true

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
