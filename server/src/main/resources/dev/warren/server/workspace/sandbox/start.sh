# Starts a sandbox: start.sh FOLDER UID|- MODE PROCESSES_MAX CGROUPS COMMAND...
# Its input (the secret) becomes descriptor 3 of the command; nothing else is inherited.
W=$1 U=$2 M=$3 N=$4 C=$5; shift 5
umask 022; ulimit -c 0
exec 3<&0 </dev/null 7<"$W/run/seccomp" 8<"$W/run/args" 9>"$W/run/status" >>"$W/run/log" 2>&1
ulimit -u "$N" 2>/dev/null
echo 500 > /proc/self/oom_score_adj
IFS=:; for g in $C; do echo $$ > "$g/cgroup.procs" || exit 71; done; unset IFS
P=/usr/local/sbin:/usr/local/bin:/usr/sbin:/usr/bin:/sbin:/bin
D="setpriv --no-new-privs --inh-caps=-all"
[ "$U" = - ] || D="$D --reuid=$U --regid=$U --clear-groups --bounding-set=-all"
case $M in
user) # drop first, then a user namespace, as an ordinary user would
  exec env -i PATH=$P setsid $D bwrap --unshare-user --disable-userns --cap-drop ALL \
    --args 8 --seccomp 7 --json-status-fd 9 -- "$@" ;;
root) # user namespaces are off: root builds the mounts, then drops inside
  exec env -i PATH=$P setsid bwrap --args 8 --seccomp 7 --json-status-fd 9 --cap-drop ALL \
    --cap-add CAP_SETUID --cap-add CAP_SETGID --cap-add CAP_SETPCAP -- $D -- "$@" ;;
none) # WARREN_LOCAL_UNISOLATED: no walls, only the user
  echo "{\"child-pid\": $$}" >&9
  cd "$W/home" || exit 71
  exec 7<&- 8<&- 9<&- env -i PATH=$P HOME="$W/home" USER=dev LOGNAME=dev SHELL=/bin/bash \
    LANG=C.UTF-8 TERM=xterm-256color TMPDIR="$W/tmp" setsid $D -- "$@" ;;
esac
exit 70
