#!/usr/bin/env bash
# Builds Tidepool and runs it with the demo app on 127.0.0.1:8080, in the foreground.
# Arguments are handed to `tidepool run`, such as --set workers.count=4.
set -euo pipefail
cd "$(dirname "$(readlink -f "${BASH_SOURCE[0]}")")/.."
. deploy/install-missing.sh

need_jdk
need_maven
JAVA_HOME=$(find_jdk)
export JAVA_HOME

echo "building with $JAVA_HOME"
mvn -q -B -Dmaven.test.skip=true -Dspotless.check.skip=true -pl deploy -am package </dev/null

exec deploy/target/tidepool/bin/tidepool run "$@"
