#!/bin/sh
# Installs the workspace daemon on this machine and starts it. Safe to run again.
#
#   curl -fsSL URL/daemon/install.sh | WARREN_DAEMON_TOKEN=TOKEN sh -s -- --url URL
#
#   --url URL          the control plane (or WARREN_URL)
#   --dir FOLDER       where to install (default ~/.warren-daemon)
#   --token-file FILE  where the token is ("-": the input); else WARREN_DAEMON_TOKEN
#   --foreground       do not start in the background
#
# WARREN_CA_FILE names a file of PEM certificates to trust besides the system's: for a control plane
# whose certificate is of your own authority. The daemon reads it too, at each start.
#
# The machine needs sh, tar, gzip, curl or wget, and a way out to the control plane over HTTP(S).
# Nothing listens; nothing is changed outside of the folder.
set -eu

# Unpacked, with the class cache that the daemon makes for itself.
NEEDED_KIB=250000
CLOCK_SKEW_MAX=300

say() { echo "warren: $*"; }
die() { echo "warren: $*" >&2; exit 1; }

main() {
  url=${WARREN_URL:-} dir=${HOME:-}/.warren-daemon token=${WARREN_DAEMON_TOKEN:-} foreground=
  unset WARREN_DAEMON_TOKEN
  while [ $# -gt 0 ]; do
    case $1 in
      --url) [ $# -gt 1 ] || die "--url needs a value"; url=$2; shift 2 ;;
      --dir) [ $# -gt 1 ] || die "--dir needs a value"; dir=$2; shift 2 ;;
      --token-file)
        [ $# -gt 1 ] || die "--token-file needs a value"
        if [ "$2" = - ]; then token=$(cat); else token=$(cat "$2") || die "cannot read $2"; fi
        shift 2 ;;
      --foreground) foreground=1; shift ;;
      *) die "unknown argument $1 (there are --url, --dir, --token-file, --foreground)" ;;
    esac
  done
  [ -n "$url" ] || die "say where the control plane is: --url https://warren.example.com"
  url=${url%/}
  case $dir in /*) ;; *) dir=$(pwd)/$dir ;; esac
  if [ -n "${WARREN_CA_FILE:-}" ]; then
    [ -f "$WARREN_CA_FILE" ] && [ -r "$WARREN_CA_FILE" ] \
      || die "cannot read WARREN_CA_FILE=$WARREN_CA_FILE: give the path of a file with PEM certificates"
    case $WARREN_CA_FILE in /*) ;; *) WARREN_CA_FILE=$(pwd)/$WARREN_CA_FILE ;; esac
    export WARREN_CA_FILE
  fi

  os=$(uname -s | tr '[:upper:]' '[:lower:]')
  [ "$os" = linux ] || die "the daemon runs on Linux, not on $os"
  case $(uname -m) in
    x86_64 | amd64) arch=amd64 ;;
    aarch64 | arm64) arch=arm64 ;;
    *) die "the daemon runs on x86-64 and arm64, not on $(uname -m)" ;;
  esac
  for lib in /lib/ld-musl-*; do
    [ ! -e "$lib" ] || [ -e /lib64/ld-linux-x86-64.so.2 ] || [ -e /lib/ld-linux-aarch64.so.1 ] \
      || die "this system uses musl ($lib); the daemon needs glibc: use a Debian, Ubuntu, Fedora or similar system"
  done
  for tool in tar gzip; do
    command -v "$tool" > /dev/null 2>&1 || die "this needs the program $tool"
  done

  umask 077
  mkdir -p "$dir" 2> /dev/null && [ -w "$dir" ] \
    || die "cannot write to $dir: choose another folder with --dir"
  pid=$(running) && {
    [ -n "$token" ] || { say "the daemon runs already (process $pid)"; exit 0; }
    say "stopping the daemon that runs (process $pid)"
    halt "$pid"
  }

  if [ -z "$token" ] && [ ! -e "$dir/state/node.key" ]; then
    die "a token is needed the first time: set WARREN_DAEMON_TOKEN or use --token-file"
  fi
  check_clock
  install_bundle "$os-$arch"
  mkdir -p "$dir/state"

  if [ -n "$foreground" ]; then
    echo $$ > "$dir/pid"
    exec "$dir/daemon/bin/warren-daemon" --url "$url" --state "$dir/state" 3<<TOKEN
$token
TOKEN
  fi
  # The token goes by descriptor, so that no process list shows it.
  (
    cd "${HOME:-/}"
    trap '' HUP
    if command -v setsid > /dev/null 2>&1; then
      exec setsid "$dir/daemon/bin/warren-daemon" --url "$url" --state "$dir/state"
    fi
    exec "$dir/daemon/bin/warren-daemon" --url "$url" --state "$dir/state"
  ) 3<<TOKEN < /dev/null >> "$dir/log" 2>&1 &
$token
TOKEN
  echo $! > "$dir/pid"
  sleep 2
  pid=$(running) || { tail -n 5 "$dir/log" >&2; die "the daemon ended at once; its log is $dir/log"; }
  say "the daemon runs as process $pid; its log is $dir/log"
  say "to stop it: kill $pid"
}

# Puts the control plane's bundle into $dir/daemon, unless it is there.
install_bundle() {
  base=$url/daemon/$1
  sum=$(fetch_sum "$base.tar.gz") \
    || die "cannot fetch the daemon from $url; is it reachable from here, and has it a bundle for $1? ('./warren bundle arm64' on its machine makes the one for arm64)"
  if [ -x "$dir/daemon/bin/warren-daemon" ] && [ "$(cat "$dir/bundle.sha256" 2> /dev/null)" = "$sum" ]; then
    return 0
  fi
  free=$(df -Pk "$dir" 2> /dev/null | awk 'NR == 2 { print $4 }')
  case $free in
    '' | *[!0-9]*) ;;
    *) [ "$free" -ge "$NEEDED_KIB" ] \
      || die "$dir has $((free / 1024)) MB free and the daemon needs $((NEEDED_KIB / 1024)): make room, or choose another folder with --dir" ;;
  esac
  kind=gz wanted=$sum
  if command -v xz > /dev/null 2>&1 && smaller=$(fetch_sum "$base.tar.xz"); then
    kind=xz wanted=$smaller
  fi
  archive=$dir/bundle.new
  say "fetching $base.tar.$kind"
  fetch "$base.tar.$kind" "$archive" || die "cannot fetch the daemon from $url: the download broke off"
  got=$(sha256 "$archive")
  [ -z "$got" ] || [ "$got" = "$wanted" ] \
    || die "the download is damaged (its sum is $got, not $wanted): try again; a proxy on the way may change it"
  rm -rf "$dir/daemon.new"
  mkdir "$dir/daemon.new"
  case $kind in gz) gzip -dc "$archive" ;; xz) xz -dc "$archive" ;; esac | tar -xf - -C "$dir/daemon.new" \
    && [ -x "$dir/daemon.new/bin/warren-daemon" ] || die "the bundle cannot be unpacked into $dir"
  rm -f "$archive"
  why=$("$dir/daemon.new/runtime/bin/java" -version 2>&1) || case $why in
    *GLIBC_*) die "this system is too old for the daemon's Java ($(lacking "$why")): use Debian 13, Ubuntu 24.04 or newer, or ask for a bundle of a JDK that needs less (JMODS_DIR)" ;;
    *'shared librar'* | *'shared object'*) die "a library is missing for the daemon's Java ($(lacking "$why")): install libstdc++6 and zlib1g, as your system calls them" ;;
    *) die "programs in $dir cannot be run: is it mounted noexec? choose another folder with --dir" ;;
  esac
  rm -rf "$dir/daemon"
  mv "$dir/daemon.new" "$dir/daemon"
  echo "$sum" > "$dir/bundle.sha256"
  rm -f "$dir/bundle.trial" "$dir/bundle.refused"
  say "unpacked into $dir/daemon"
}

# What the dynamic linker said: "… libc.so.6: version `GLIBC_2.38' not found …".
lacking() {
  echo "$1" | grep -E 'GLIBC_|shared (librar|object)' | head -n 1 | sed 's/^.*because //; s/^.*java: //; s/ (required by.*//'
}

# Certificates are refused by a wrong clock, and nobody thinks of it.
check_clock() {
  command -v curl > /dev/null 2>&1 || return 0
  theirs=$(curl -ksSI "$url/healthz" 2> /dev/null | tr -d '\r' | sed -n 's/^[Dd]ate: //p' | head -n 1)
  theirs=$(date -u -d "$theirs" +%s 2> /dev/null) || return 0
  skew=$(($(date +%s) - theirs))
  [ "${skew#-}" -lt "$CLOCK_SKEW_MAX" ] \
    || say "this machine's clock is ${skew#-} s off the control plane's: set it if the connection fails"
}

# Prints the sum that the control plane says of a file; fails when there is none.
fetch_sum() {
  fetch "$1.sha256" "$dir/sum.new" 2> /dev/null || return 1
  said=$(head -c 64 "$dir/sum.new")
  rm -f "$dir/sum.new"
  case $said in *[!0-9a-f]* | '') return 1 ;; esac
  echo "$said"
}

# Prints nothing where no program can tell; the archive's own checksum has to do then.
sha256() {
  if command -v sha256sum > /dev/null 2>&1; then
    sha256sum "$1" | head -c 64
  elif command -v shasum > /dev/null 2>&1; then
    shasum -a 256 "$1" | head -c 64
  elif command -v openssl > /dev/null 2>&1; then
    openssl dgst -sha256 -r "$1" | head -c 64
  fi
}

# Prints the number of the daemon's supervisor when it runs.
running() {
  [ -s "$dir/pid" ] || return 1
  p=$(cat "$dir/pid")
  kill -0 "$p" 2> /dev/null || return 1
  tr '\0' ' ' < "/proc/$p/cmdline" 2> /dev/null | grep -q "$dir/daemon/bin/warren-daemon" || return 1
  echo "$p"
}

halt() {
  kill "$1" 2> /dev/null || return 0
  for _ in 1 2 3 4 5 6 7 8 9 10; do
    kill -0 "$1" 2> /dev/null || return 0
    sleep 1
  done
  kill -9 "$1" 2> /dev/null || true
}

# Both programs trust a given file alone: the system's certificates have their turn first.
fetch() {
  if command -v curl > /dev/null 2>&1; then
    if [ -n "${WARREN_CA_FILE:-}" ]; then
      curl -fsSL --retry 3 -o "$2" "$1" 2> /dev/null \
        || curl -fsSL --retry 3 --cacert "$WARREN_CA_FILE" -o "$2" "$1"
    else
      curl -fsSL --retry 3 -o "$2" "$1"
    fi
  elif command -v wget > /dev/null 2>&1; then
    wget -q -O "$2" "$1" \
      || { [ -n "${WARREN_CA_FILE:-}" ] && wget -q --ca-certificate="$WARREN_CA_FILE" -O "$2" "$1"; }
  else
    die "this needs curl or wget"
  fi
}

main "$@"
