# Sourced by the scripts beside it: goes to the root of the sources, and has what several of them need.
# shellcheck shell=bash

script=$(readlink -f "$0")
cd "$(dirname "${BASH_SOURCE[0]}")/.."
. deploy/install-missing.sh
export PATH=$PATH:/usr/sbin:/sbin

# Prints the comment at the head of the script.
usage() {
  sed -n '2,/^set/s/^# //p' "$script" >&2
  exit 2
}

# Has the command $1, from the packages $2… if it is not called like its package, for $purpose.
need_tool() {
  local packages=("${@:2}")
  command -v "$1" >/dev/null ||
    install_packages "${purpose:-the benchmark}" "${packages[@]:-$1}"
}

use_jdk() {
  need_jdk
  JAVA_HOME=$(find_jdk)
  export JAVA_HOME
}

# Builds the modules $1 with the option $2, unless all files that follow are there.
build_unless() {
  local modules=$1 option=$2 each
  shift 2
  for each in "$@"; do
    if [ ! -e "$each" ]; then
      need_maven
      mvn -q -B "$option" -Dspotless.check.skip=true -pl "$modules" -am package </dev/null
      return
    fi
  done
}

# Makes the directory $work, which is removed at the end, after all processes in the array started.
make_work_directory() {
  work=$(mktemp -d)
  started=()
  trap end_and_remove EXIT
  trap 'exit 130' INT
  trap 'exit 143' TERM
}

end_and_remove() {
  local pid
  for pid in "${started[@]}"; do
    kill -TERM "$pid" 2>/dev/null || true
    wait "$pid" 2>/dev/null || true
  done
  rm -rf "$work"
}
