#!/usr/bin/env bash
# Kills writers of the session store, 500 times at random moments and at planted points, and fails if
# anything that they acknowledged is lost, torn, doubled or out of reach. --short kills a few.
set -euo pipefail
cd "$(dirname "$(readlink -f "${BASH_SOURCE[0]}")")/.."
. deploy/install-missing.sh

kills=500 seconds=7200
case "$*" in
  "") ;;
  --short) kills=12 seconds=8 ;;
  *)
    echo "$*: expected nothing or --short" >&2
    exit 2
    ;;
esac
need_jdk
JAVA_HOME=$(find_jdk)
export JAVA_HOME
if [ ! -d load-tests/target/lib ] || [ ! -d shared-session/target/test-classes ]; then
  need_maven
  mvn -q -B -DskipTests -Dspotless.check.skip=true -pl load-tests -am package </dev/null
fi
exec "$JAVA_HOME/bin/java" -XX:+UseSerialGC -ea \
  --add-opens=java.base/java.lang=ALL-UNNAMED \
  --add-opens=java.base/java.lang.reflect=ALL-UNNAMED \
  --add-opens=java.base/sun.nio.ch=ALL-UNNAMED \
  --add-exports=java.base/jdk.internal.ref=ALL-UNNAMED \
  -cp "$PWD/shared-session/target/test-classes:$PWD/load-tests/target/lib/*" \
  dev.tidepool.session.ChaosRun "$kills" 4 "$seconds"
