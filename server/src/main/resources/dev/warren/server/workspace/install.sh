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
# The machine needs sh, tar, gzip, curl or wget, and a way out to the control plane over HTTP(S).
# Nothing listens; nothing is changed outside of the folder.
set -eu

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
  mkdir -p "$dir"
  pid=$(running) && {
    [ -n "$token" ] || { say "the daemon runs already (process $pid)"; exit 0; }
    say "stopping the daemon that runs (process $pid)"
    halt "$pid"
  }

  if [ -z "$token" ] && [ ! -e "$dir/state/node.key" ]; then
    die "a token is needed the first time: set WARREN_DAEMON_TOKEN or use --token-file"
  fi
  archive=$dir/bundle.tar.gz
  say "fetching $url/daemon/$os-$arch.tar.gz"
  fetch "$url/daemon/$os-$arch.tar.gz" "$archive.new" \
    || die "cannot fetch the daemon from $url; is it reachable from here, and has it a bundle for $os-$arch?"
  if [ -d "$dir/daemon" ] && cmp -s "$archive" "$archive.new"; then
    rm -f "$archive.new"
  else
    rm -rf "$dir/daemon.new"
    mkdir "$dir/daemon.new"
    gzip -dc "$archive.new" | tar -xf - -C "$dir/daemon.new" || die "the bundle cannot be unpacked into $dir"
    rm -rf "$dir/daemon"
    mv "$dir/daemon.new" "$dir/daemon"
    mv "$archive.new" "$archive"
    say "unpacked into $dir/daemon"
  fi
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

fetch() {
  if command -v curl > /dev/null 2>&1; then
    curl -fsSL --retry 3 -o "$2" "$1"
  elif command -v wget > /dev/null 2>&1; then
    wget -q -O "$2" "$1"
  else
    die "this needs curl or wget"
  fi
}

main "$@"
