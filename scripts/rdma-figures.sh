#!/usr/bin/env bash
# Figures of an RDMA device beside those of perftest on the same one: 8 bytes one way, and 1 MiB. After ./mvnw package.
#
#   rdma-figures.sh [SECONDS=10]                      on this machine's rxe0, whose address is 10.0.2.15
#   rxe-vm.sh scripts/rdma-figures.sh [SECONDS=10]    on the virtual machine with Soft-RoCE
#
# perftest's ib_send_lat and ib_send_bw; the backend alone between two endpoints of one process; two ranks on two hosts of
# testhosts.sh. Each of ours is measured for SECONDS. Needs root, perftest, and iproute2.
# Environment: RDMA_DEVICE (rxe0), RDMA_ADDRESS (10.0.2.15), RDMA_FIGURES (what to run: "perftest backend ranks")
set -euo pipefail
cd "$(dirname "$0")/.."
seconds=${1:-10} device=${RDMA_DEVICE:-rxe0} address=${RDMA_ADDRESS:-10.0.2.15}
java=${JAVA_HOME:+$JAVA_HOME/bin/}java

# Server and client of a perftest program; prints the client's line of figures.
perftest() {
    "$1" -R -F -d "$device" "${@:2}" > /dev/null 2>&1 &
    sleep 3
    echo "$1 ${*:2}: $("$1" -R -F -d "$device" "${@:2}" "$address" 2>&1 | grep -E '^ *[0-9]+ +[0-9]+ ')"
    wait
}

run_perftest() {
    echo "ib_send_lat: bytes, iterations, least, most, typical, mean us ...; ib_send_bw: bytes, iterations, best, mean MiB/s"
    perftest ib_send_lat -s 8 -n 1000
    perftest ib_send_bw -s 1048576 -n 100
}

run_backend() {
    local path module jar
    path=$(find ~/.m2 -name 'disni-2.0.jar' -o -name 'junit-jupiter-api-5*.jar' -o -name 'opentest4j-1*.jar' \
        -o -name 'junit-platform-commons-1*.jar' -o -name 'apiguardian-api-1*.jar' | paste -sd:)
    for module in allocator node-multiplexer rdma-backend; do
        path=$path:$module/target/classes:$module/target/test-classes
    done
    # without the optimizing compiler: software emulation may run a method torn while it is replaced
    "$java" -XX:TieredStopAtLevel=1 -XX:+UseSerialGC --enable-native-access=ALL-UNNAMED -cp "$path" \
        org.isthmus.rdma.backend.BackendFigures "$seconds"
}

run_ranks() {
    # both hosts' ranks and multiplexers share this machine's processors
    export TESTHOSTS_SUBNET=94 ISTHMUS_BACKEND=rdma ISTHMUS_MUX_SHARDS=1 ISTHMUS_WAIT_OVERSUBSCRIBED=true \
        ISTHMUS_WIREUP_TIMEOUT=300s ISTHMUS_LAUNCH_TIMEOUT=300s ISTHMUS_RDMA_TIMEOUT_CONNECT=120s ISTHMUS_RDMA_TIMEOUT_HELLO=60s \
        _JAVA_OPTIONS='-XX:TieredStopAtLevel=1 -XX:+UseSerialGC'
    local target=$PWD/dist/target
    scripts/testhosts.sh rf up 2 0
    scripts/testhosts.sh rf exec 1 "$java" -jar "$target/isthmus.jar" run --hosts rf1:1,rf2:1 \
        --agent "$PWD/scripts/testhosts.sh rf agent {host}" \
        -cp "$target/isthmus-rdma.jar:$target/disni.jar:$target/isthmus-examples.jar:$target/test-classes" \
        org.isthmus.dist.NodePairProgram "$seconds" lat bw 2>&1 | grep -E '^(lat|bw) ' \
        | sed -e 's/^lat \(.*\)/two ranks, 8 bytes one way: \1 ns/' -e 's/^bw \(.*\)/two ranks, 1 MiB: \1 MB\/s/'
    scripts/testhosts.sh rf down
}

for figure in ${RDMA_FIGURES:-perftest backend ranks}; do
    "run_$figure"
done
