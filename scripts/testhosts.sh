#!/usr/bin/env bash
# Several hosts on one machine, for tests of what crosses a network: network namespaces joined by bridges, each with
# its own name (which all know), its own /dev/shm and any number of NICs. Needs root and iproute2. Each NAME is a set of
# its own.
#
#   testhosts.sh NAME up [HOSTS=2] [NICS=1]   make the hosts; NIC k of host i is 10.SUBNET.k.i/24 (TESTHOSTS_SUBNET, 79);
#                                             without NICs they share the network and RDMA devices of this machine
#   testhosts.sh NAME exec I COMMAND...       run on host i: same directory, same environment
#   testhosts.sh NAME agent HOST COMMAND...   the same for a launcher; HOST is an address 10.SUBNET.k.i or NAMEi
#   testhosts.sh NAME rsh HOST COMMAND...     as ssh does: the words joined, run by a shell (mpirun, mpiexec)
#   testhosts.sh NAME link I K up|down        take NIC k of host i away, or bring it back
#   testhosts.sh NAME slow MILLIS PERCENT [SEED=1]
#                                             until the end of its input: every frame between the hosts arrives so much
#                                             later, PERCENT of them never; says "ready", at its end how many (needs gcc)
#   testhosts.sh NAME down                    end the processes on the hosts and remove them
set -euo pipefail
[ $# -ge 2 ] && [[ $1 =~ ^[a-z]{1,6}$ ]] || { sed -n '2,15p' "$0"; exit 2; }
name=$1 action=$2
shift 2
state=/run/testhosts-$name
subnet=${TESTHOSTS_SUBNET:-79}

on_host() {
    local i=$1
    shift
    [ -d "$state/$name$i" ] || { echo "testhosts: no host $i; run: $0 $name up" >&2; exit 2; }
    local network=()
    [ -e "$state/$name$i/shares-network" ] || network=(ip netns exec "$name$i")
    exec "${network[@]}" unshare --uts --mount sh -c '
        hostname "$1"; mount --bind "$2/$1/shm" /dev/shm; mount --bind "$2/hosts" /etc/hosts; shift 2
        exec "$@"' sh "$name$i" "$state" "$@"
}

case $action in
up)
    hosts=${1:-2} nics=${2:-1}
    "$0" "$name" down
    mkdir -p "$state"
    for ((k = 0; k < nics; k++)); do
        ip link add "${name}br$k" type bridge forward_delay 0
        ip link set "${name}br$k" up
    done
    echo "127.0.0.1 localhost" > "$state/hosts"
    for ((i = 1; i <= hosts; i++)); do
        mkdir -p "$state/$name$i/shm"
        mount -t tmpfs -o size=1g "$name$i-shm" "$state/$name$i/shm"
        if [ "$nics" -eq 0 ]; then
            touch "$state/$name$i/shares-network"
            echo "127.0.0.1 $name$i" >> "$state/hosts"
            continue
        fi
        echo "10.$subnet.0.$i $name$i" >> "$state/hosts"
        ip netns add "$name$i"
        ip -n "$name$i" link set lo up
        for ((k = 0; k < nics; k++)); do
            ip link add "$name${i}n$k" type veth peer name "nic$k" netns "$name$i"
            ip link set "$name${i}n$k" master "${name}br$k" up
            ip -n "$name$i" addr add "10.$subnet.$k.$i/24" dev "nic$k"
            ip -n "$name$i" link set "nic$k" up
        done
    done
    ;;
exec) on_host "$@" ;;
agent|rsh)
    host=$1
    shift
    case $host in "$name"*) i=${host#"$name"} ;; *) i=${host##*.} ;; esac
    [ "$action" = agent ] || set -- sh -c "$*"
    on_host "$i" "$@"
    ;;
link) ip -n "$name$1" link set "nic$2" "$3" ;;
slow)
    # not tc netem, which few kernels of virtual machines have: the same everywhere
    gcc -Wall -O2 -o "$state/slowlinks" "$(dirname "$0")/slowlinks.c"
    networks=()
    for bridge in /sys/class/net/"${name}"br*; do
        networks+=("$(ls "$bridge/brif" | paste -sd,)")
    done
    # cards that cut large sends themselves would lose 64 KiB at a time
    for nic in $(tr , ' ' <<< "${networks[*]}"); do
        ip link set "$nic" nomaster
        ip -n "${nic%n*}" link set "nic${nic##*n}" gso_max_segs 1
    done
    micros=$(awk "BEGIN {print int($1 * 1000)}") millionths=$(awk "BEGIN {print int($2 * 10000)}")
    "$state/slowlinks" "$micros" "$millionths" "${3:-1}" "${networks[@]}"
    for nic in $(tr , ' ' <<< "${networks[*]}"); do
        ip link set "$nic" master "${name}br${nic##*n}"
        ip -n "${nic%n*}" link set "nic${nic##*n}" gso_max_segs 65535
    done
    ;;
down)
    for dir in "$state/$name"*; do
        [ -d "$dir" ] || continue
        host=$(basename "$dir")
        for pid in $(ip netns pids "$host" 2>/dev/null); do kill -9 "$pid" 2>/dev/null || true; done
        ip netns del "$host" 2>/dev/null || true
        umount "$dir/shm" 2>/dev/null || true
        rm -rf "$dir"
    done
    # a namespace lives on while sockets in it wait for their peers: its NICs must not, or the next "up" finds their names taken
    for nic in $(ip -o link show type veth 2>/dev/null | awk -F': |@' -v n="^${name}[0-9]+n[0-9]+$" '$2 ~ n {print $2}'); do
        ip link del "$nic" 2>/dev/null || true
    done
    for bridge in $(ip -o link show type bridge 2>/dev/null | awk -F': ' -v b="^${name}br" '$2 ~ b {print $2}'); do
        ip link del "$bridge"
    done
    rm -rf "$state"
    ;;
*) sed -n '2,15p' "$0"; exit 2 ;;
esac
