#!/usr/bin/env bash
# Kills writers of the session store, 500 times at random moments and at planted points, and fails if
# anything that they acknowledged is lost, torn, doubled or out of reach. --short kills a few.
set -euo pipefail
. "$(dirname "$(readlink -f "$0")")/prepare.sh"

kills=500 seconds=7200
case "$*" in
  "") ;;
  --short) kills=12 seconds=8 ;;
  *)
    echo "$*: expected nothing or --short" >&2
    exit 2
    ;;
esac
use_jdk
build_unless load-tests -DskipTests load-tests/target/lib shared-session/target/test-classes
exec "$JAVA_HOME/bin/java" -XX:+UseSerialGC -ea \
  --add-opens=java.base/java.lang=ALL-UNNAMED \
  --add-opens=java.base/java.lang.reflect=ALL-UNNAMED \
  --add-opens=java.base/sun.nio.ch=ALL-UNNAMED \
  --add-exports=java.base/jdk.internal.ref=ALL-UNNAMED \
  -cp "$PWD/shared-session/target/test-classes:$PWD/load-tests/target/lib/*" \
  dev.tidepool.session.ChaosRun "$kills" 4 "$seconds"
