/*
 * A network plugin for tests: TCP sockets behind the interface of version VERSION (7 to 10). It is as strict as the
 * strictest plugins are: at most SLOTS requests of a comm at a time, test() for the oldest one alone, irecvConsumed() in
 * order and only after test(). What its caller has released is poisoned at once, so that a release too early is seen, and
 * a send is read from the caller's memory only when it is tested. Now and then it takes no request, as it may. With
 * NETWORK defined its devices are the first two network cards of the host, else the loopback twice. If the environment
 * variable TEST_NET_PLUGIN_REPORT is set, what it has counted goes into the file of that name and the process id whenever
 * no comm is left.
 */
#define _GNU_SOURCE
#include <arpa/inet.h>
#include <errno.h>
#include <fcntl.h>
#include <ifaddrs.h>
#include <netinet/in.h>
#include <netinet/tcp.h>
#include <stddef.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/socket.h>
#include <unistd.h>

#define SLOTS 16
#define REGIONS 8
#define POISON 0xDB
#define OK 0
#define SYSTEM_ERROR 2
#define INTERNAL_ERROR 3
#define INVALID_ARGUMENT 4
#define REMOTE_ERROR 6

#if VERSION >= 9
typedef size_t length_t;
#else
typedef int length_t;
#endif
#if VERSION == 7
typedef int region_t;
#else
typedef size_t region_t;
#endif

typedef void (*logger_t)(int level, unsigned long flags, const char* file, int line, const char* format, ...);
static logger_t logger;
/* registrations, requests, most requests of a comm at a time, consumed, comms that are open, times nothing was taken */
enum { REGISTRATIONS, REQUESTS, MOST, CONSUMED, OPEN, REFUSED, STATISTICS };
static long statistics[STATISTICS];
/* 1: the next send answers an error; 2: two sends that follow each other change places; 3: receives are never done */
static int fault;

void test_statistics(long* out) { memcpy(out, statistics, sizeof statistics); }
void test_fault(int kind) { fault = kind; }

static int fail(int result, int line, const char* text) {
    if (logger) logger(2, 0, "test_net_plugin.c", line, text);
    return result;
}
#define FAIL(result, text) fail(result, __LINE__, text)

struct comm;
struct request {
    struct comm* comm;
    char* data;
    size_t size;
    uint32_t wire_size;
    size_t moved;
    int complete, tested;
};
struct comm {
    int socket, sends;
    long posted, tested, consumed, credits, calls;
    struct request slots[SLOTS];
    struct { char* start; size_t size; } regions[REGIONS];
};
struct listener { int socket, calls; };
struct address { uint32_t magic; uint16_t port; uint16_t calls; struct in_addr host; };

typedef struct {
    char* name;
    char* pciPath;
    uint64_t guid;
    int ptrSupport;
#if VERSION >= 8
    int regIsGlobal;
#endif
#if VERSION >= 9
    int forceFlush;
#endif
    int speed;
    int port;
    float latency;
    int maxComms;
    int maxRecvs;
    int netDeviceType;
    int netDeviceVersion;
#if VERSION >= 9
    struct { int ndevs; int devs[4]; } vProps;
    size_t maxP2pBytes;
    size_t maxCollBytes;
#endif
} properties_t;

#if VERSION >= 10
static int init(logger_t log, void* profiler) {
    if (!profiler) return INVALID_ARGUMENT;
#else
static int init(logger_t log) {
#endif
    logger = log;
#ifdef INIT_FAILS
    return FAIL(SYSTEM_ERROR, "init fails as asked");
#endif
    return OK;
}

static int devices(int* count) { *count = 2; return OK; }

static int get_properties(int device, properties_t* p) {
    memset(p, 0, sizeof *p);
    p->name = device ? "test1" : "test0";
    p->ptrSupport = 1;
    p->speed = 10000 + device;
    p->maxComms = 77;
    p->maxRecvs = 1;
#ifdef UNPACKS
    p->netDeviceType = 1;
#endif
    return OK;
}

static int no_delay(int s) {
    int one = 1;
    setsockopt(s, IPPROTO_TCP, TCP_NODELAY, &one, sizeof one);
    return fcntl(s, F_SETFL, O_NONBLOCK);
}

static struct in_addr address_of(int device) {
    struct in_addr found = {htonl(INADDR_LOOPBACK)};
#ifdef NETWORK
    struct ifaddrs* all;
    if (getifaddrs(&all)) return found;
    for (struct ifaddrs* i = all; i; i = i->ifa_next) {
        if (!i->ifa_addr || i->ifa_addr->sa_family != AF_INET) continue;
        struct in_addr at = ((struct sockaddr_in*) i->ifa_addr)->sin_addr;
        if (at.s_addr != htonl(INADDR_LOOPBACK) && device-- == 0) found = at;
    }
    freeifaddrs(all);
#endif
    return found;
}

static int do_listen(int device, void* handle, void** comm) {
    struct sockaddr_in in = {.sin_family = AF_INET, .sin_addr = address_of(device)};
    socklen_t length = sizeof in;
    struct listener* l = calloc(1, sizeof *l);
    l->socket = socket(AF_INET, SOCK_STREAM | SOCK_NONBLOCK, 0);
    if (bind(l->socket, (struct sockaddr*) &in, sizeof in) || listen(l->socket, 8)
        || getsockname(l->socket, (struct sockaddr*) &in, &length)) return FAIL(SYSTEM_ERROR, "listen");
    struct address a = {0x7e57, in.sin_port, 0, in.sin_addr};
    memset(handle, 0, 128);
    memcpy(handle, &a, sizeof a);
    *comm = l;
    return OK;
}

static int connect_to(int device, void* handle, void** comm) {
    struct address* a = handle;
    *comm = NULL;
    if (a->magic != 0x7e57) return FAIL(INVALID_ARGUMENT, "connect: no handle of this plugin");
    if (a->calls++ == 0) return OK; /* not at the first call, as with a connection that takes its time */
    struct sockaddr_in in = {.sin_family = AF_INET, .sin_port = a->port, .sin_addr = a->host};
    struct comm* c = calloc(1, sizeof *c);
    c->socket = socket(AF_INET, SOCK_STREAM, 0);
    c->sends = 1;
    if (connect(c->socket, (struct sockaddr*) &in, sizeof in)) return FAIL(REMOTE_ERROR, "connect");
    no_delay(c->socket);
    statistics[OPEN]++;
    *comm = c;
    return OK;
}
#if VERSION >= 10
static int do_connect(int device, int* config, void* handle, void** comm, void** offload) {
    if (*config != -1 || *offload) return INVALID_ARGUMENT;
#else
static int do_connect(int device, void* handle, void** comm, void** offload) {
    if (*offload) return INVALID_ARGUMENT;
#endif
    return connect_to(device, handle, comm);
}

static int do_accept(void* listen_comm, void** comm, void** offload) {
    struct listener* l = listen_comm;
    *comm = NULL;
    if (*offload) return INVALID_ARGUMENT;
    int s = accept(l->socket, NULL, NULL);
    if (s < 0) return errno == EAGAIN ? OK : FAIL(SYSTEM_ERROR, "accept");
    no_delay(s);
    struct comm* c = calloc(1, sizeof *c);
    c->socket = s;
    statistics[OPEN]++;
    *comm = c;
    return OK;
}

static int reg_mr(void* comm, void* data, region_t size, int type, void** handle) {
    struct comm* c = comm;
    if (type != 1) return FAIL(INVALID_ARGUMENT, "regMr: memory of the host alone");
    for (int i = 0; i < REGIONS; i++) {
        if (!c->regions[i].start) {
            c->regions[i].start = data;
            c->regions[i].size = size;
            statistics[REGISTRATIONS]++;
            *handle = &c->regions[i];
            return OK;
        }
    }
    return FAIL(INTERNAL_ERROR, "regMr: too many regions, one for each chunk?");
}

static int dereg_mr(void* comm, void* handle) {
    *(char**) handle = NULL;
    return OK;
}

static int post(struct comm* c, char* data, size_t size, void* handle, void** request) {
    struct { char* start; size_t size; }* region = handle;
    *request = NULL;
    if (!region->start || data < region->start || data + size > region->start + region->size)
        return FAIL(INVALID_ARGUMENT, "memory that is not registered");
    if (++c->calls % 7 == 1) {
        statistics[REFUSED]++;
        return OK;
    }
    long outstanding = c->posted - (c->sends ? c->tested : c->consumed);
    if (outstanding == SLOTS) return FAIL(INTERNAL_ERROR, "unable to allocate requests");
    if (outstanding + 1 > statistics[MOST]) statistics[MOST] = outstanding + 1;
    struct request* r = &c->slots[c->posted % SLOTS];
    *r = (struct request) {c, data, size, (uint32_t) size, 0, 0, 0};
    if (!c->sends) {
        char credit = 1; /* ready to receive */
        if (send(c->socket, &credit, 1, MSG_NOSIGNAL) != 1) return FAIL(REMOTE_ERROR, "credit");
    }
    c->posted++;
    statistics[REQUESTS]++;
    *request = r;
    return OK;
}

#if VERSION >= 10
static int isend(void* comm, void* data, length_t size, int tag, void* handle, void* profiler, void** request) {
#else
static int isend(void* comm, void* data, length_t size, int tag, void* handle, void** request) {
#endif
    if (fault == 1) {
        fault = 0;
        return FAIL(REMOTE_ERROR, "isend fails as asked");
    }
    return post(comm, data, size, handle, request);
}

#if VERSION >= 10
static int irecv(void* comm, int n, void** data, length_t* sizes, int* tags, void** handles, void** profilers,
                 void** request) {
#else
static int irecv(void* comm, int n, void** data, length_t* sizes, int* tags, void** handles, void** request) {
#endif
    if (n != 1) return FAIL(INVALID_ARGUMENT, "irecv: one at a time");
    return post(comm, data[0], sizes[0], handles[0], request);
}

/* Moves bytes of [at, at + length); how many are left, or -1. */
static long move(struct comm* c, char* at, size_t length) {
    size_t moved = 0;
    while (moved < length) {
        ssize_t n = c->sends ? send(c->socket, at + moved, length - moved, MSG_NOSIGNAL)
                             : recv(c->socket, at + moved, length - moved, 0);
        if (n == 0 || (n < 0 && errno != EAGAIN)) return -1;
        if (n < 0) break;
        moved += n;
    }
    return length - moved;
}

static int progress(struct comm* c) {
    char credits[SLOTS];
    if (c->sends) {
        ssize_t n = recv(c->socket, credits, SLOTS, 0);
        if (n == 0 || (n < 0 && errno != EAGAIN)) return FAIL(REMOTE_ERROR, "the receiver is gone");
        c->credits += n > 0 ? n : 0;
    }
    if (c->tested == c->posted || (c->sends && c->tested >= c->credits)) return OK;
    struct request* r = &c->slots[c->tested % SLOTS];
    if (r->complete || fault == 3) return OK;
    if (fault == 2 && c->sends && r->moved == 0 && c->posted > c->tested + 1) {
        struct request* next = &c->slots[(c->tested + 1) % SLOTS];
        if (next->size == r->size) {
            char* data = r->data;
            r->data = next->data;
            next->data = data;
            fault = 0;
        }
    }
    long left = 0;
    if (r->moved < 4) {
        left = move(c, (char*) &r->wire_size + r->moved, 4 - r->moved);
        if (left < 0) return FAIL(REMOTE_ERROR, "the peer is gone");
        r->moved = 4 - left;
        if (left) return OK;
        if (r->wire_size > r->size) return FAIL(REMOTE_ERROR, "more bytes than the receive has");
    }
    size_t done = r->moved - 4;
    left = move(c, r->data + done, r->wire_size - done);
    if (left < 0) return FAIL(REMOTE_ERROR, "the peer is gone");
    r->moved = 4 + r->wire_size - left;
    r->complete = left == 0;
    return OK;
}

static int test(void* request, int* done, int* size) {
    struct request* r = request;
    struct comm* c = r->comm;
    *done = 0;
    if (c->tested == c->posted || r != &c->slots[c->tested % SLOTS])
        return FAIL(INTERNAL_ERROR, "test called for another request than the oldest");
    int result = progress(c);
    if (result) return result;
    if (r->complete) {
        *done = r->tested = 1;
        *size = r->wire_size;
        c->tested++;
        if (c->sends) memset(r->data, POISON, r->size);
    }
    return OK;
}

static int irecv_consumed(void* comm, int n, void* request) {
    struct comm* c = comm;
    struct request* r = request;
    if (n != 1 || c->sends) return FAIL(INVALID_ARGUMENT, "irecvConsumed: one receive at a time");
    if (c->consumed == c->tested || r != &c->slots[c->consumed % SLOTS])
        return FAIL(INTERNAL_ERROR, "irecvConsumed called before test, or out of order");
    memset(r->data, POISON, r->size);
    c->consumed++;
    statistics[CONSUMED]++;
    return OK;
}

static void report(void) {
    const char* file = getenv("TEST_NET_PLUGIN_REPORT");
    if (!file) return;
    char name[4096];
    snprintf(name, sizeof name, "%s.%d", file, (int) getpid());
    FILE* out = fopen(name, "w");
    if (!out) return;
    for (int i = 0; i < STATISTICS; i++) fprintf(out, "%ld\n", statistics[i]);
    fclose(out);
}

static int close_comm(void* comm) {
    struct comm* c = comm;
    close(c->socket);
    free(c);
    if (--statistics[OPEN] == 0) report();
    return OK;
}

static int close_listen(void* comm) {
    struct listener* l = comm;
    close(l->socket);
    free(l);
    return OK;
}

#define JOIN(a, b) a##b
#define SYMBOL(version) JOIN(ncclNetPlugin_v, version)

struct table {
    const char* name;
    void* functions[20];
};
struct table SYMBOL(VERSION) = {
    "test",
    {init, devices, get_properties, do_listen, do_connect, do_accept, reg_mr, NULL, dereg_mr, isend, irecv, NULL, test,
     close_comm, close_comm, close_listen, NULL, irecv_consumed, NULL, NULL}};
