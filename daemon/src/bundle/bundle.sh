#!/bin/sh
# Makes the daemon's bundle: bundle.sh JAVA_HOME JAR NEEDS TARGET
#   JAR     the daemon's own jar
#   NEEDS   a file with the jars that it needs, separated by colons
#   TARGET  gets linux-ARCH.tar.gz: bin/warren-daemon, lib/ (jars, class path, class cache), runtime/
# JMODS_DIR: folder of another architecture's jmods, of this very JDK version; ARCH then names it.
# A bundle for another architecture has no class cache, since that is made by running it.
set -eu
java_home=$1 jar=$2 needs=$3 target=$4
here=$(cd "$(dirname "$0")" && pwd)
host=$(uname -m | sed 's/x86_64/amd64/; s/aarch64/arm64/')
arch=${ARCH:-$host}
out=$target/linux-$arch.tar.gz
# Nothing but the JDK's base, what Netty wants (Unsafe), and elliptic curves' provider.
# Jackson's databind does not load without java.xml.
modules=java.base,java.logging,java.management,java.naming,java.xml,jdk.unsupported,jdk.crypto.ec
jars="$jar $(tr ':' ' ' < "$needs")"

inputs=$( { cat "$here"/*; "$java_home/bin/java" -version 2>&1; cat $jars; echo "$arch ${JMODS_DIR:-}"; } | sha256sum)
if [ -s "$out" ] && [ "$(cat "$target/inputs-$arch" 2>/dev/null)" = "$inputs" ]; then
  exit 0
fi
work=$target/linux-$arch
rm -rf "$work" "$out" "$target/inputs-$arch"
mkdir -p "$work/bin" "$work/lib"
# Compressed by the archive, not by jlink: the download is smaller so.
"$java_home/bin/jlink" ${JMODS_DIR:+--module-path "$JMODS_DIR"} --add-modules $modules \
  --strip-debug --no-header-files --no-man-pages --compress zip-0 --output "$work/runtime"
cp $jars "$work/lib/"
(cd "$work/lib" && ls ./*.jar | sed 's|^\./||' | LC_ALL=C sort) > "$work/lib/classpath"
cp "$here/warren-daemon" "$work/bin/warren-daemon"
chmod 755 "$work/bin/warren-daemon"
if [ "$arch" = "$host" ]; then
  cp=
  for jar in $(cat "$work/lib/classpath"); do cp="$cp${cp:+:}$work/lib/$jar"; done
  "$work/runtime/bin/java" -XX:+UseSerialGC -XX:TieredStopAtLevel=1 -Xms8m -Xmx192m -Xss512k \
    -XX:-UsePerfData -XX:AOTCacheOutput="$work/lib/daemon.aot" -Xlog:disable \
    --enable-native-access=ALL-UNNAMED --sun-misc-unsafe-memory-access=allow -cp "$cp" dev.warren.daemon.Main --train \
    > "$work.log" 2>&1 || { cat "$work.log" >&2; exit 1; }
fi
tar --sort=name --mtime=@0 --owner=0 --group=0 --numeric-owner -C "$work" -cf - . | gzip -n -6 > "$out.new"
mv "$out.new" "$out"
echo "$inputs" > "$target/inputs-$arch"
echo "daemon bundle: $out, $(($(wc -c < "$out") / 1048576)) MiB"
