#!/usr/bin/env bash
# The session store beside a mapped array, a hash map in one JVM, and Redis: rates and latencies.
# --short shows only that it runs, --full measures a million sessions as well.
set -euo pipefail
. "$(dirname "$(readlink -f "$0")")/prepare.sh"

need_tool redis-server
use_jdk
build_unless load-tests -Dmaven.test.skip=true load-tests/target/lib load-tests/target/classes
exec "$JAVA_HOME/bin/java" -XX:+UseSerialGC \
  --add-opens=java.base/java.lang=ALL-UNNAMED \
  --add-opens=java.base/java.lang.reflect=ALL-UNNAMED \
  --add-opens=java.base/sun.nio.ch=ALL-UNNAMED \
  --add-exports=java.base/jdk.internal.ref=ALL-UNNAMED \
  -cp "load-tests/target/classes:load-tests/target/lib/*" \
  dev.tidepool.load.SessionBenchmark load-tests/target/sessions.json "$@"
