#!/bin/sh
# Gets the jmods of a JDK for arm64, of which bundle.sh links a runtime on any processor: jmods.sh JAVA_HOME TARGET
#   TARGET     gets the jmods, and `version`: whose they are, and of which JDK
#   JMODS_DIR  the jmods, if they are at hand: of a JDK for arm64 of any maker
# They are of JAVA_HOME's release (25.0); which update of it, jlink leaves open.
# Without JMODS_DIR they come from Debian's openjdk-25-jdk-headless (88 MB), the newest that this
# machine's own mirror has, with apt's check of signatures. Nothing of the machine's apt is changed:
# lists, downloads and sources lie in a folder that goes away again.
set -eu
java_home=$1 target=$2
suite=trixie
fail() { echo "warren: $*" >&2; exit 1; }

release=$(sed -n 's/^JAVA_VERSION="\([^"]*\)"/\1/p' "$java_home/release")
feature=${release%%.*}
advice="set JMODS_DIR to the folder jmods of a JDK $feature for Linux on arm64"

if [ -n "${JMODS_DIR:-}" ]; then
  folder=$(cd "$JMODS_DIR" 2> /dev/null && pwd) && [ -f "$folder/java.base.jmod" ] \
    || fail "there is no java.base.jmod in JMODS_DIR=$JMODS_DIR: $advice"
  described=$("$java_home/bin/jmod" describe "$folder/java.base.jmod")
  theirs=$(echo "$described" | sed -n '1s/^java\.base@//p')
  [ "${theirs%%.*}" = "$feature" ] \
    || fail "the jmods in $JMODS_DIR are of JDK $theirs, and the JDK in use is $release: $advice"
  echo "$described" | grep -qx 'platform linux-aarch64' \
    || fail "the jmods in $JMODS_DIR are not for Linux on arm64: $advice"
  rm -rf "$target"
  mkdir -p "$target"
  ln -s "$folder"/*.jmod "$target/"
  echo "$folder $theirs" > "$target/version"
  exit 0
fi

id= VERSION_CODENAME=
[ ! -r /etc/os-release ] || { . /etc/os-release; id=${ID:-}; }
[ "$id" = debian ] && command -v apt-get > /dev/null && command -v dpkg-deb > /dev/null \
  || fail "only Debian's apt can fetch a JDK for arm64: $advice"
mkdir -p "$(dirname "$target")"
work=$(mktemp -d "$(dirname "$target")/jmods.XXXXXX")
trap 'rm -rf "$work"' EXIT
trap 'exit 130' HUP INT TERM
mkdir -p "$work/state/lists/partial" "$work/cache/archives/partial" "$work/jmods"
: > "$work/state/status"

# The machine's own mirrors of Debian, for another suite: its release and its security updates.
keys=/usr/share/keyrings/debian-archive-keyring.gpg
[ ! -r "$keys" ] || signed="[signed-by=$keys]"
apt-get indextargets --format '$(REPO_URI) $(RELEASE)' 'Created-By: Packages' | sort -u \
  | awk -v codename="$VERSION_CODENAME" -v suite="$suite" -v signed="${signed:-}" \
    '$2 == codename || $2 == codename "-security" { sub(codename, suite, $2); print "deb", signed, $1, $2, "main" }' \
    > "$work/sources.list"
[ -s "$work/sources.list" ] || fail "apt's sources name no mirror of Debian $VERSION_CODENAME: $advice"
apt() {
  program=$1
  shift
  "$program" -q -o Dir::Etc::SourceList="$work/sources.list" -o Dir::Etc::SourceParts=/dev/null \
    -o Dir::State="$work/state" -o Dir::State::Status="$work/state/status" -o Dir::Cache="$work/cache" \
    -o APT::Architecture=arm64 -o APT::Architectures=arm64 -o APT::Sandbox::User="$(id -un)" \
    -o Acquire::Languages=none -o Acquire::Retries=2 -o Acquire::http::Timeout=30 "$@"
}
complaint() { grep '^[EW]:' "$work/log" | head -n 1; }
apt apt-get update -o APT::Update::Error-Mode=any > "$work/log" 2>&1 \
  || fail "cannot read Debian $suite's list of packages ($(complaint)): try again, or $advice"
package=openjdk-$feature-jdk-headless
version=$(apt apt-cache policy "$package" | sed -n 's/^ *Candidate: //p')
case $version in '' | '(none)') fail "Debian $suite has no $package for arm64: $advice" ;; esac
[ "$(cat "$target/version" 2> /dev/null)" != "Debian $version" ] || exit 0
echo "Fetching $package $version for arm64 (88 MB)" >&2
(cd "$work" && apt apt-get download "$package") > "$work/log" 2>&1 \
  || fail "cannot fetch $package $version ($(complaint)): try again, or $advice"
dpkg-deb --fsys-tarfile "$work/$package"_*.deb \
  | tar -x -C "$work/jmods" --strip-components=6 --wildcards './usr/lib/jvm/*/jmods/*'
[ -f "$work/jmods/java.base.jmod" ] || fail "$package $version holds no jmods: $advice"
echo "Debian $version" > "$work/jmods/version"
rm -rf "$target"
mv "$work/jmods" "$target"
