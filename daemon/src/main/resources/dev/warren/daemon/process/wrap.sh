#!/bin/sh
# What a command runs under: sh wrap.sh FOLDER CGROUP COMMAND. Shell builtins only. Whoever creates
# FOLDER/lock owns the start; pid and code are preallocated and overwritten in place.
d=$1 g=$2 c=$3
set -C; { command : > "$d/lock"; } 2>/dev/null || exit 97; set +C
{ echo 800 > /proc/$$/oom_score_adj; } 2>/dev/null
[ -z "$g" ] || { echo $$ > "$g/cgroup.procs"; } 2>/dev/null
read -r s < /proc/$$/stat; s=${s##*) }; set -- $s; shift 19
exec </dev/null >>"$d/out" 2>&1
echo "$$ $1" 1<> "$d/pid"
# A handler, not '': the command gets the defaults back.
trap : HUP INT TERM QUIT
if [ -n "$c" ]; then sh -c "$c"; else sh "$d/cmd"; fi
echo "$?" 1<> "$d/code"
