#!/usr/bin/env bash
# Tidepool beside Undertow, Tomcat, Jetty and nginx: throughput, processor time, latency, memory, start;
# writes bench.json and bench.svg to load-tests/target. Takes about 15 minutes.
#   --short    shows only that it runs
#   --full     more and longer rounds, 100 reloads; how costs grow with workers, connections, sessions
set -euo pipefail
. "$(dirname "$(readlink -f "$0")")/prepare.sh"

case "$*" in
  "" | --short | --full) ;;
  *) usage ;;
esac
need_tool wrk
need_tool nginx nginx-light
use_jdk
build_unless deploy,load-tests,load-tests/peers -Dmaven.test.skip=true \
  deploy/target/tidepool/bin/tidepool load-tests/target/classes load-tests/peers/target/lib
make_work_directory
"$JAVA_HOME/bin/java" -XX:+UseSerialGC -Djava.io.tmpdir="$work" -cp load-tests/target/classes \
  dev.tidepool.load.PeerBenchmark deploy/target/tidepool load-tests/peers load-tests/target "$@" &
started+=($!)
wait "${started[0]}"
if [ $# = 1 ]; then
  "$JAVA_HOME/bin/java" -XX:+UseSerialGC -Djava.io.tmpdir="$work" \
    --add-opens=java.base/java.lang=ALL-UNNAMED \
    --add-opens=java.base/java.lang.reflect=ALL-UNNAMED \
    --add-opens=java.base/sun.nio.ch=ALL-UNNAMED \
    --add-exports=java.base/jdk.internal.ref=ALL-UNNAMED \
    -cp "load-tests/target/classes:load-tests/target/lib/*" \
    dev.tidepool.load.GrowthBenchmark deploy/target/tidepool "$1" &
  started+=($!)
  wait "${started[1]}"
fi
