#!/bin/sh
# Packs a folder as OUT (.tar.gz) and, where xz is installed, as .tar.xz beside it: pack.sh FOLDER OUT
set -eu
folder=$1 out=$2
pack() { tar --sort=name --mtime=@0 --owner=0 --group=0 --numeric-owner -C "$folder" -cf - .; }
pack | gzip -n -9 > "$out.new"
mv "$out.new" "$out"
if command -v xz > /dev/null 2>&1; then
  pack | xz -6 -T1 > "${out%.gz}.xz.new"
  mv "${out%.gz}.xz.new" "${out%.gz}.xz"
fi
echo "bundle: $out, $(($(wc -c < "$out") / 1000000)) MB"
