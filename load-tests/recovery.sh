#!/usr/bin/env bash
# How soon a pool is whole again after a death, beside a plain respawn; how soon sick workers are found;
# the first second of a new generation; the cost of all checks. --short shows only that it runs. Needs
# wrk and a built distribution (deploy/quickstart.sh builds it).
set -euo pipefail
. "$(dirname "$(readlink -f "$0")")/prepare.sh"

need_tool wrk
use_jdk
build_unless deploy,load-tests -Dmaven.test.skip=true \
  deploy/target/tidepool/bin/tidepool load-tests/target/classes
exec "$JAVA_HOME/bin/java" -XX:+UseSerialGC -cp "load-tests/target/classes:deploy/target/tidepool/lib/*" \
  dev.tidepool.load.RecoveryBenchmark deploy/target/tidepool "$@"
