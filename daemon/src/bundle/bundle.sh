#!/bin/sh
# Makes the daemon's bundle: bundle.sh JAVA_HOME JAR NEEDS TARGET [ARCH JMODS FOREIGN]
#   JAR      the daemon's own jar
#   NEEDS    a file with the jars that it needs, separated by colons
#   TARGET   gets linux-ARCH.tar.gz: bin/warren-daemon, lib/ (jars, class path), runtime/; and
#            linux-ARCH.tar.xz, the same but smaller, where xz is installed
#   JMODS    folder of another architecture's jmods, as jmods.sh gets them
#   FOREIGN  folder with that architecture's native jars
set -eu
java_home=$1 jar=$2 needs=$3 target=$4
here=$(cd "$(dirname "$0")" && pwd)
host=$(uname -m | sed 's/x86_64/amd64/; s/aarch64/arm64/')
arch=${5:-$host} jmods=${6:-} foreign=${7:-}
out=$target/linux-$arch.tar.gz
# The JDK's base; Unsafe, which Netty wants; java.xml, without which Jackson's databind does not load;
# and the HTTP client, for the command line's bundle, which is made of this image too.
modules=java.base,java.logging,java.management,java.naming,java.net.http,java.xml,jdk.unsupported,jdk.crypto.ec
jars="$jar $(tr ':' ' ' < "$needs")"

inputs=$( { cat "$here"/*; "$java_home/bin/java" -version 2>&1; cat $jars; echo "$arch"; [ -z "$jmods" ] || cat "$jmods/version"; } | sha256sum)
if [ -s "$out" ] && [ "$(cat "$target/inputs-$arch" 2>/dev/null)" = "$inputs" ]; then
  exit 0
fi
work=$target/linux-$arch
rm -rf "$work" "$out" "$target/linux-$arch.tar.xz" "$target/inputs-$arch"
mkdir -p "$work/bin" "$work/lib"
# Compressed by the archive, not by jlink: the download is smaller so.
# Its own tools strip the native parts, of its own processor only; Debian's come stripped.
"$java_home/bin/jlink" ${jmods:+--module-path "$jmods"} --add-modules $modules \
  $([ -z "$jmods" ] && echo --strip-debug || echo --strip-java-debug-attributes) --no-header-files --no-man-pages --compress zip-0 --output "$work/runtime"
for jar in $jars; do
  case $arch:$jar in
    arm64:*-linux-x86_64.jar)
      name=$(basename "$jar")
      jar=$foreign/${name%x86_64.jar}aarch_64.jar ;;
  esac
  "$here/store-jar.sh" "$java_home" "$jar" "$work/lib"
done
(cd "$work/lib" && ls ./*.jar | sed 's|^\./||' | LC_ALL=C sort) > "$work/lib/classpath"
cp "$here/warren-daemon" "$work/bin/warren-daemon"
chmod 755 "$work/bin/warren-daemon"
"$here/pack.sh" "$work" "$out"
echo "$inputs" > "$target/inputs-$arch"
