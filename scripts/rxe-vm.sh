#!/usr/bin/env bash
# Runs a command on a small virtual machine that has an RDMA device: Soft-RoCE on the kernel of this Debian's packages.
#
#   rxe-vm.sh COMMAND [ARG ...]     runs it as root; prints its output, returns its exit status
#
# The machine sees the files of this one at the same paths; what it writes there is lost, except in /rxe-vm, which is
# RXE_VM_OUT. Its devices are rxe0 on eth0 with the address 10.0.2.15 and rxe1 on eth1 with 10.0.3.15, to which it can
# connect itself; no other network.
# It has an empty /dev/shm of its own. Needs root and apt-get, for packages that are missing, on the first run.
#
# Environment: RXE_VM_OUT (a new directory below ./), RXE_VM_MEMORY (MiB, 3072), RXE_VM_TIMEOUT (seconds, 600),
# RXE_VM_PROCESSORS (2; with 1 many processes run several times faster on a busy host, which takes an emulated processor away
# while the other one spins for it),
# RXE_VM_CACHE (kernel and first file system, ~/.cache/isthmus-rxe-vm), RXE_VM_ACCELERATOR (tcg: software; kvm where that
# works)
set -euo pipefail
[ $# -gt 0 ] || { sed -n '2,12p' "$0"; exit 2; }
cache=${RXE_VM_CACHE:-$HOME/.cache/isthmus-rxe-vm}
out=${RXE_VM_OUT:-$(mktemp -d "$PWD/rxe-vm.XXXXXX")}
memory=${RXE_VM_MEMORY:-3072} seconds=${RXE_VM_TIMEOUT:-600}
mkdir -p "$cache" "$out"
out=$(readlink -f "$out")

install_missing() {
    local missing=()
    command -v qemu-system-x86_64 > /dev/null || missing+=(qemu-system-x86)
    command -v rdma > /dev/null || missing+=(iproute2)
    command -v cpio > /dev/null || missing+=(cpio)
    command -v depmod > /dev/null || missing+=(kmod)
    [ -x /bin/busybox ] || missing+=(busybox-static)
    ls /usr/lib/*/libibverbs/librxe-rdmav*.so > /dev/null 2>&1 || missing+=(ibverbs-providers)
    ldconfig -p | grep -q 'libibverbs\.so\.1' || missing+=(libibverbs1)
    ldconfig -p | grep -q 'librdmacm\.so\.1' || missing+=(librdmacm1)
    [ ${#missing[@]} -eq 0 ] && [ -s "$cache/initrd-2.gz" ] && return
    export DEBIAN_FRONTEND=noninteractive
    apt-get update -qq
    [ ${#missing[@]} -eq 0 ] || apt-get install -y -qq --no-install-recommends "${missing[@]}" > /dev/null
}

# Kernel, and a first file system with the modules that the machine needs before it sees the files of this one.
make_kernel() {
    local work package release root image module file
    work=$(mktemp -d)
    # shellcheck disable=SC2064
    trap "rm -rf '$work'" EXIT
    package=$(apt-cache depends linux-image-amd64 | sed -n 's/^ *Depends: \(linux-image-[^ ]*\)/\1/p' | head -n 1)
    (cd "$work" && apt-get download -qq -o APT::Sandbox::User=root "$package" && dpkg-deb -x "$package"_*.deb kernel)
    release=$(ls "$work/kernel/lib/modules" 2> /dev/null || ls "$work/kernel/usr/lib/modules")
    depmod -b "$work/kernel" "$release"
    root=$work/root
    mkdir -p "$root"/{bin,dev,host,modules,new,proc,sys,upper}
    cp /bin/busybox "$root/bin"
    ln -s busybox "$root/bin/sh"
    for module in virtio_pci virtio_net 9pnet_virtio 9p overlay crc32_generic rdma_rxe ib_uverbs rdma_ucm; do
        modprobe -d "$work/kernel" -S "$release" --show-depends "$module" | awk '$1 == "insmod" {print $2}'
    done | awk '!seen[$0]++' | while read -r file; do
        cp "$file" "$root/modules"
        basename "$file" >> "$root/modules/order"
    done
    cat > "$root/init" << 'INIT'
#!/bin/sh
b=/bin/busybox
$b mount -t proc proc /proc; $b mount -t sysfs sys /sys; $b mount -t devtmpfs dev /dev
while read -r file; do $b insmod "/modules/$file" || echo "rxe-vm: cannot load $file"; done < /modules/order
$b mount -t 9p -o trans=virtio,version=9p2000.L,ro,cache=loose,msize=512000 host /host
$b mount -t tmpfs upper /upper; $b mkdir /upper/files /upper/work
$b mount -t overlay -o lowerdir=/host,upperdir=/upper/files,workdir=/upper/work overlay /new
$b mount -t proc proc /new/proc; $b mount -t sysfs sys /new/sys; $b mount -t devtmpfs dev /new/dev
$b mkdir -p /new/dev/shm /new/rxe-vm
for directory in dev/shm run; do $b mount -t tmpfs tmpfs /new/$directory; done
$b chmod 1777 /new/dev/shm
$b mount -t 9p -o trans=virtio,version=9p2000.L,msize=512000 out /new/rxe-vm
$b chroot /new /bin/bash /rxe-vm/.command
$b sync
$b poweroff -f
INIT
    chmod +x "$root/init"
    image=$(mktemp -p "$cache")
    (cd "$root" && find . | cpio -o -H newc --quiet | gzip) > "$image"
    cp "$work"/kernel/boot/vmlinuz-* "$cache/vmlinuz"
    mv "$image" "$cache/initrd-2.gz"
    rm -rf "$work"
    trap - EXIT
}

# What the machine runs, with the status in /rxe-vm/.status.
write_command() {
    printf 'export PATH=%q HOME=%q' /usr/local/sbin:/usr/local/bin:/usr/sbin:/usr/bin:/sbin:/bin "$HOME"
    [ -z "${JAVA_HOME:-}" ] || printf ' JAVA_HOME=%q' "$JAVA_HOME"
    cat << 'COMMAND'

ln -sfn /proc/self/fd /dev/fd
hostname rxe-vm
ip link set lo up
for n in 0 1; do
    ip addr add 10.0.$((n + 2)).15/24 dev eth$n
    ip link set eth$n up
    until rdma link add rxe$n type rxe netdev eth$n 2> /dev/null || rdma link show rxe$n/1 > /dev/null 2>&1; do sleep 0.2; done
    until rdma link show rxe$n/1 | grep -q ACTIVE; do sleep 0.2; done
done
ulimit -l unlimited
COMMAND
    printf 'cd %q\n' "$PWD"
    printf '%q ' "$@"
    printf '\necho $? > /rxe-vm/.status\n'
}

install_missing
[ -s "$cache/vmlinuz" ] && [ -s "$cache/initrd-2.gz" ] || make_kernel
write_command "$@" > "$out/.command"
rm -f "$out/.status"
timeout -k 5 "$seconds" qemu-system-x86_64 -accel "${RXE_VM_ACCELERATOR:-tcg,thread=multi}" -cpu max -smp "${RXE_VM_PROCESSORS:-2}" -m "$memory" \
    -kernel "$cache/vmlinuz" -initrd "$cache/initrd-2.gz" -append 'console=ttyS0 quiet panic=-1 loglevel=3 nowatchdog tsc=reliable clocksource=tsc' \
    -nographic -no-reboot -nic none \
    -virtfs local,path=/,mount_tag=host,security_model=none,readonly=on,multidevs=remap \
    -virtfs "local,path=$out,mount_tag=out,security_model=none" \
    -netdev user,id=network0,net=10.0.2.0/24,restrict=on -device virtio-net-pci,netdev=network0,romfile= \
    -netdev user,id=network1,net=10.0.3.0/24,restrict=on -device virtio-net-pci,netdev=network1,romfile= \
    < /dev/null | sed -u -e 's/\r$//' -e 's/\x1b\(c\|\[[0-9;?]*[A-Za-z]\)//g' -e '1,/Booting from ROM/d' -e '/reboot: Power down/d' || true
[ -s "$out/.status" ] || { echo "rxe-vm: the machine ended before the command, or its $seconds s were over" >&2; exit 125; }
exit "$(cat "$out/.status")"
