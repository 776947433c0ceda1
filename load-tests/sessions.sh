#!/usr/bin/env bash
# The session store beside a mapped array, a hash map in one JVM, and Redis: rates and latencies.
# --short shows only that it runs, --full measures a million sessions as well.
set -euo pipefail
cd "$(dirname "$(readlink -f "${BASH_SOURCE[0]}")")/.."
. deploy/install-missing.sh

export PATH=$PATH:/usr/sbin:/sbin
command -v redis-server >/dev/null || install_packages "the benchmark" redis-server
need_jdk
JAVA_HOME=$(find_jdk)
export JAVA_HOME
if [ ! -d load-tests/target/lib ] || [ ! -d load-tests/target/classes ]; then
  need_maven
  mvn -q -B -Dmaven.test.skip=true -Dspotless.check.skip=true -pl load-tests -am package </dev/null
fi
exec "$JAVA_HOME/bin/java" -XX:+UseSerialGC \
  --add-opens=java.base/java.lang=ALL-UNNAMED \
  --add-opens=java.base/java.lang.reflect=ALL-UNNAMED \
  --add-opens=java.base/sun.nio.ch=ALL-UNNAMED \
  --add-exports=java.base/jdk.internal.ref=ALL-UNNAMED \
  -cp "load-tests/target/classes:load-tests/target/lib/*" \
  dev.tidepool.load.SessionBenchmark load-tests/target/sessions.json "$@"
