#!/usr/bin/env bash
# How soon a pool is whole again after a death, beside a plain respawn; how soon sick workers are found;
# the first second of a new generation; the cost of all checks. --short shows only that it runs. Needs
# wrk and a built distribution (deploy/quickstart.sh builds it).
set -euo pipefail
cd "$(dirname "$(readlink -f "${BASH_SOURCE[0]}")")/.."
. deploy/install-missing.sh

command -v wrk >/dev/null || install_packages "the benchmark" wrk
need_jdk
JAVA_HOME=$(find_jdk)
export JAVA_HOME
if [ ! -x deploy/target/tidepool/bin/tidepool ] || [ ! -d load-tests/target/classes ]; then
  need_maven
  mvn -q -B -Dmaven.test.skip=true -Dspotless.check.skip=true -pl deploy,load-tests -am package \
    </dev/null
fi
exec "$JAVA_HOME/bin/java" -XX:+UseSerialGC -cp load-tests/target/classes \
  dev.tidepool.load.RecoveryBenchmark deploy/target/tidepool "$@"
