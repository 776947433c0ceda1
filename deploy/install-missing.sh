# Sourced by quickstart.sh and verify.sh: finds a JDK and Maven, and has apt install what is missing.
# shellcheck shell=bash

oldest_java=17

# Feature version of the JDK in $1; fails if there is none.
jdk_version() {
  [ -x "$1/bin/javac" ] && [ -r "$1/release" ] &&
    sed -n 's/^JAVA_VERSION="\([0-9]*\).*/\1/p' "$1/release"
}

# Prints the home of a JDK: of exactly version $1 if given, else the first that is new enough.
find_jdk() {
  local home version on_path
  on_path=$(readlink -f "$(command -v javac || true)" || true)
  for home in "${JAVA_HOME:-}" "${on_path%/bin/javac}" /usr/lib/jvm/*; do
    version=$(jdk_version "$home") || continue
    if [ "${1:-$version}" = "$version" ] && [ "${version:-0}" -ge "$oldest_java" ]; then
      echo "$home"
      return 0
    fi
  done
  return 1
}

as_root() {
  if [ "$(id -u)" = 0 ]; then
    "$@"
  else
    sudo -n "$@" 2>/dev/null || sudo "$@"
  fi
}

# Installs packages; services among them are not started. $1 says what for.
install_packages() {
  local purpose=$1
  shift
  if ! command -v apt-get >/dev/null; then
    echo "missing for $purpose: $*; there is no apt-get here, please install them" >&2
    return 1
  fi
  if [ "$(id -u)" != 0 ] && ! command -v sudo >/dev/null; then
    echo "missing for $purpose: $*; as root: apt-get install $*" >&2
    return 1
  fi
  echo "installing $*"
  local policy=/usr/sbin/policy-rc.d kept_off=
  if [ ! -e "$policy" ]; then
    printf '#!/bin/sh\nexit 101\n' | as_root tee "$policy" >/dev/null
    as_root chmod +x "$policy"
    kept_off=yes
  fi
  local result=0 log
  log=$(mktemp)
  { as_root apt-get update -qq &&
    as_root env DEBIAN_FRONTEND=noninteractive apt-get install -y -qq --no-install-recommends "$@"
  } >"$log" 2>&1 </dev/null || result=$?
  [ -z "$kept_off" ] || as_root rm -f "$policy"
  [ "$result" = 0 ] || tail -5 "$log" >&2
  rm -f "$log"
  return "$result"
}

# Installs a JDK unless there is one; distributions differ in which versions they have.
need_jdk() {
  find_jdk >/dev/null && return 0
  local package
  for package in openjdk-17-jdk-headless openjdk-21-jdk-headless default-jdk-headless; do
    install_packages "building" "$package" && find_jdk >/dev/null && return 0
  done
  echo "no JDK $oldest_java or newer, and none could be installed; set JAVA_HOME" >&2
  return 1
}

need_maven() {
  command -v mvn >/dev/null || install_packages "building" maven
}
