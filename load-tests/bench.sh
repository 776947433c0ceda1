#!/usr/bin/env bash
# Tidepool beside Undertow, Tomcat, Jetty and nginx: throughput, processor time, latency, memory, start.
# Prints Markdown; bench.md in load-tests/target has it too, beside bench.json and bench.svg. Takes
# about half an hour.
#   --short           shows only that it runs
#   --full            more and longer rounds, 100 reloads, and how costs grow
#   --growth          only how costs grow with workers, connections, sessions, classes
#   --gunicorn        gunicorn as well
#   --uwsgi           uWSGI as well
#   --java-home=DIR   a second JVM for the start of workers
set -euo pipefail
. "$(dirname "$(readlink -f "$0")")/prepare.sh"

for each; do
  case "$each" in
    --short | --full | --growth | --java-home=*) ;;
    --gunicorn) need_tool gunicorn ;;
    --uwsgi) need_tool uwsgi uwsgi-core uwsgi-plugin-python3 ;;
    *) usage ;;
  esac
done
need_tool wrk
need_tool nginx nginx-light
use_jdk
build_unless deploy,load-tests,load-tests/peers -Dmaven.test.skip=true \
  deploy/target/tidepool/bin/tidepool load-tests/target/classes load-tests/peers/target/lib
make_work_directory
exec > >(tee load-tests/target/bench.md)

# Runs a main of the benchmarks.
bench() {
  "$JAVA_HOME/bin/java" -XX:+UseSerialGC -Djava.io.tmpdir="$work" \
    --add-opens=java.base/java.lang=ALL-UNNAMED \
    --add-opens=java.base/java.lang.reflect=ALL-UNNAMED \
    --add-opens=java.base/sun.nio.ch=ALL-UNNAMED \
    --add-exports=java.base/jdk.internal.ref=ALL-UNNAMED \
    -cp "load-tests/target/classes:load-tests/target/lib/*" "dev.tidepool.load.$@" &
  started+=($!)
  wait $!
}

case " $* " in
  *" --growth "*) ;;
  *) bench PeerBenchmark deploy/target/tidepool load-tests/peers load-tests/target "$@" ;;
esac
case " $* " in
  *" --growth "* | *" --full "*) bench GrowthBenchmark deploy/target/tidepool "$@" ;;
esac
