#!/bin/sh
# Makes the command line's bundle of the daemon's runtime image: cli.sh JAVA_HOME JAR NEEDS DAEMON TARGET
#   DAEMON  the folder with the daemon's bundles, unpacked
#   TARGET  gets linux-ARCH.tar.gz (and .tar.xz): bin/warren, lib/, runtime/, for each bundle there
set -eu
java_home=$1 jar=$2 needs=$3 daemon=$4 target=$5
here=$(cd "$(dirname "$0")" && pwd)
jars="$jar $(tr ':' ' ' < "$needs")"
for bundle in "$daemon"/linux-*/; do
  bundle=${bundle%/}
  platform=$(basename "$bundle")
  out=$target/$platform.tar.gz
  inputs=$( { cat "$here"/*; cat "$daemon/inputs-${platform#linux-}"; cat "$jar"; } | sha256sum)
  if [ -s "$out" ] && [ "$(cat "$target/inputs-$platform" 2> /dev/null)" = "$inputs" ]; then
    continue
  fi
  work=$target/$platform
  rm -rf "$work" "$out" "$target/inputs-$platform"
  mkdir -p "$work/bin" "$work/lib"
  cp -a "$bundle/runtime" "$work/runtime"
  for jar_of in $jars; do
    name=$(basename "$jar_of")
    # What the daemon has too, native parts for its processor among them, is taken from there.
    case $platform:$name in linux-arm64:*-linux-x86_64.jar) name=${name%x86_64.jar}aarch_64.jar ;; esac
    if [ -e "$bundle/lib/$name" ]; then
      cp -p "$bundle/lib/$name" "$work/lib/"
    else
      "$here/store-jar.sh" "$java_home" "$jar_of" "$work/lib"
    fi
  done
  cp -p "$bundle"/lib/slf4j-simple-*.jar "$work/lib/"
  (cd "$work/lib" && ls ./*.jar | sed 's|^\./||' | LC_ALL=C sort) > "$work/lib/classpath"
  printf '%.16s\n' "$inputs" > "$work/lib/id"
  cp "$here/warren" "$work/bin/warren"
  chmod 755 "$work/bin/warren"
  "$here/pack.sh" "$work" "$out"
  echo "$inputs" > "$target/inputs-$platform"
done
