#!/bin/sh
# Copies a jar without compression and without what only tools read: store-jar.sh JAVA_HOME JAR FOLDER
# The archive around it compresses better than the jar did (2 MB less of 12), and classes load quicker.
set -eu
java_home=$1 jar=$2 folder=$3
unpacked=$(mktemp -d)
trap 'rm -rf "$unpacked"' EXIT
(cd "$unpacked" && "$java_home/bin/jar" --extract --file "$jar")
rm -rf "$unpacked/META-INF/maven" "$unpacked/META-INF/native-image" "$unpacked/META-INF/proguard"
find "$unpacked" -name module-info.class -delete
manifest=$unpacked.manifest
mv "$unpacked/META-INF/MANIFEST.MF" "$manifest"
# One time for all entries: the same input gives the same bytes.
"$java_home/bin/jar" --create --no-compress --date 2026-01-01T00:00:00Z --manifest "$manifest" \
  --file "$folder/$(basename "$jar")" -C "$unpacked" .
rm -f "$manifest"
