#!/usr/bin/env bash
# Balance on and off side by side: spread of connections, and new connections a second.
# --short shows only that it runs. Needs wrk and a built distribution (deploy/quickstart.sh builds it).
set -euo pipefail
. "$(dirname "$(readlink -f "$0")")/prepare.sh"

need_tool wrk
use_jdk
build_unless deploy,load-tests -Dmaven.test.skip=true \
  deploy/target/tidepool/bin/tidepool load-tests/target/classes
exec "$JAVA_HOME/bin/java" -XX:+UseSerialGC -cp load-tests/target/classes \
  dev.tidepool.load.BalanceBenchmark deploy/target/tidepool "$@"
