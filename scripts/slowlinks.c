// Slow, lossy networks for test hosts: slowlinks MICROS PPM SEED NIC,NIC... [NIC,NIC...]...
//
// Every frame that a NIC of a list receives goes out of the other NICs of that list MICROS later, and of a million
// PPM are lost, chosen by a generator that starts from SEED. Says "ready" once it forwards; ends with its input, with
// its NICs or after LIFETIME, and then says what it did. Packet sockets of the kind that carry the virtio header, so
// that checksums and cuts that the senders left to their NICs are left to these.
#define _GNU_SOURCE
#include <errno.h>
#include <linux/if_packet.h>
#include <linux/virtio_net.h>
#include <net/ethernet.h>
#include <net/if.h>
#include <arpa/inet.h>
#include <poll.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/socket.h>
#include <time.h>
#include <unistd.h>

#define MOST_NICS 64
#define LARGEST (70 << 10)
#define MOST_QUEUED (256l << 20)
#define LIFETIME (4 * 3600)
#define SOCKET_BUFFER (16 << 20)

struct frame {
    struct frame *next;
    long due;
    int from;
    int length;
    char bytes[];
};

static struct pollfd polled[1 + MOST_NICS];
static int network[1 + MOST_NICS];
static int count = 1;
static struct frame *head, **tail = &head;
static long queued, frames, bytes, lost, overflowed;

static void fail(const char *what) {
    fprintf(stderr, "slowlinks: %s: %s\n", what, strerror(errno));
    exit(1);
}

static long now(void) {
    struct timespec time;
    clock_gettime(CLOCK_MONOTONIC, &time);
    return time.tv_sec * 1000000l + time.tv_nsec / 1000;
}

static void open_nic(const char *name, int its_network) {
    int one = 1, buffer = SOCKET_BUFFER;
    struct sockaddr_ll address = {.sll_family = AF_PACKET, .sll_protocol = htons(ETH_P_ALL)};
    address.sll_ifindex = if_nametoindex(name);
    int nic = socket(AF_PACKET, SOCK_RAW | SOCK_NONBLOCK, 0);
    if (count > MOST_NICS || address.sll_ifindex == 0 || nic < 0
            || setsockopt(nic, SOL_PACKET, PACKET_VNET_HDR, &one, sizeof one)
            || setsockopt(nic, SOL_PACKET, PACKET_IGNORE_OUTGOING, &one, sizeof one)
            || setsockopt(nic, SOL_SOCKET, SO_RCVBUFFORCE, &buffer, sizeof buffer)
            || bind(nic, (struct sockaddr *) &address, sizeof address)) {
        fail(name);
    }
    network[count] = its_network;
    polled[count++] = (struct pollfd) {nic, POLLIN, 0};
}

/** Takes all that has come; false if the NIC is gone. */
static int take(int from, long delay, long ppm) {
    static char buffer[LARGEST];
    for (;;) {
        ssize_t length = recv(polled[from].fd, buffer, sizeof buffer, 0);
        if (length < 0) {
            return errno == EAGAIN || errno == EINTR;
        }
        frames++;
        bytes += length - sizeof(struct virtio_net_hdr);
        if (drand48() * 1e6 < ppm) {
            lost++;
        } else if (queued + length > MOST_QUEUED) {
            overflowed++;
        } else {
            struct frame *frame = malloc(sizeof *frame + length);
            if (!frame) {
                fail("frame");
            }
            *frame = (struct frame) {NULL, now() + delay, from, length};
            memcpy(frame->bytes, buffer, length);
            *tail = frame;
            tail = &frame->next;
            queued += length;
        }
    }
}

/** Sends what is due; what the other end does not take is lost, as on a wire without a listener. */
static void send_due(void) {
    while (head && head->due <= now()) {
        struct frame *frame = head;
        for (int to = 1; to < count; to++) {
            if (to != frame->from && network[to] == network[frame->from]
                    && send(polled[to].fd, frame->bytes, frame->length, 0) < 0) {
                overflowed += errno == ENOBUFS || errno == EAGAIN;
            }
        }
        head = frame->next;
        tail = head ? tail : &head;
        queued -= frame->length;
        free(frame);
    }
}

int main(int argc, char **argv) {
    if (argc < 5) {
        fprintf(stderr, "usage: slowlinks MICROS PPM SEED NIC,NIC...\n");
        return 2;
    }
    long delay = atol(argv[1]), ppm = atol(argv[2]);
    srand48(atol(argv[3]));
    alarm(LIFETIME);
    for (int i = 4; i < argc; i++) {
        for (char *name = strtok(argv[i], ","); name; name = strtok(NULL, ",")) {
            open_nic(name, i);
        }
    }
    polled[0] = (struct pollfd) {STDIN_FILENO, POLLIN, 0};
    puts("ready");
    fflush(stdout);
    for (int present = 1; present;) {
        long micros = head ? head->due - now() : 1000000;
        struct timespec wait = {micros > 0 ? micros / 1000000 : 0, micros > 0 ? micros % 1000000 * 1000 : 0};
        ppoll(polled, count, &wait, NULL);
        char input[64];
        present = !polled[0].revents || read(STDIN_FILENO, input, sizeof input) > 0;
        for (int nic = 1; nic < count; nic++) {
            present &= !polled[nic].revents || take(nic, delay, ppm);
        }
        send_due();
    }
    for (int nic = 1; nic < count; nic++) {
        struct tpacket_stats statistics;
        socklen_t length = sizeof statistics;
        if (!getsockopt(polled[nic].fd, SOL_PACKET, PACKET_STATISTICS, &statistics, &length)) {
            overflowed += statistics.tp_drops;
        }
    }
    printf("frames %ld bytes %ld lost %ld overflowed %ld\n", frames, bytes, lost, overflowed);
    return 0;
}
