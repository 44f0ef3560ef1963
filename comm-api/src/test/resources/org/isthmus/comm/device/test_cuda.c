/*
 * A driver of a CUDA device that is none, for tests. Its memory has addresses that the host cannot touch; the driver
 * reads and writes it by another mapping. A stream is a thread that does one thing after the other, late if
 * CUDA_TEST_DELAY says so (microseconds). It is as strict as a driver may be: contexts must be current, copies lie in
 * one allocation and in one registration, sources are read when the stream comes to them.
 * CUDA_TEST_FAIL=cuMemAlloc_v2:3:2,... lets the third call of that function answer 2.
 */
#define _GNU_SOURCE
#include <pthread.h>
#include <stdatomic.h>
#include <stddef.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/mman.h>
#include <unistd.h>

typedef uint64_t u64;
enum { OK = 0, INVALID_VALUE = 1, OUT_OF_MEMORY = 2, NOT_INITIALIZED = 3, INVALID_CONTEXT = 201,
       INVALID_PTX = 218, INVALID_HANDLE = 400, NOT_FOUND = 500, NOT_READY = 600, ILLEGAL_ADDRESS = 700,
       ALREADY_REGISTERED = 712 };
enum { MEMORY = 256 << 20, RANGES = 4096, NAMES = 64 };
enum { OURS, POOL, MANAGED };

struct range { u64 start, bytes, context; int kind; };
struct context { int primary; };
struct event { struct context *context; atomic_int done; };
struct module { struct context *context; char *text; };
struct function { struct module *module; char name[64]; };
struct op { struct op *next; int kind; u64 target, source, bytes; struct event *event; struct function *function;
            u64 parameter[10]; };
enum { COPY, EVENT, KERNEL };
struct stream { struct context *context; pthread_t thread; pthread_mutex_t lock; pthread_cond_t changed;
                struct op *head, *tail; int busy, closed; };

static pthread_mutex_t lock = PTHREAD_MUTEX_INITIALIZER;
static char *device, *shadow;
static u64 used;
static struct range memory[RANGES], registered[RANGES];
static int memories, registrations;
static struct { char name[64]; long calls; } counted[NAMES];
static struct context primary = { 1 };
static _Thread_local struct context *current;
static atomic_int initialized;

/* The answer that the environment wants of this call of a function, else 0. */
static int enter(const char *name) {
    pthread_mutex_lock(&lock);
    int i = 0;
    while (i < NAMES - 1 && counted[i].name[0] && strcmp(counted[i].name, name)) i++;
    strncpy(counted[i].name, name, sizeof counted[i].name - 1);
    long call = ++counted[i].calls;
    pthread_mutex_unlock(&lock);
    const char *fail = getenv("CUDA_TEST_FAIL");
    for (const char *at = fail; at && (at = strstr(at, name)); at++) {
        long number;
        int code;
        if ((at == fail || at[-1] == ',') && sscanf(at + strlen(name), ":%ld:%d", &number, &code) == 2
                && number == call) return code;
    }
    return 0;
}
#define ENTER do { int answer = enter(__func__); if (answer) return answer; \
                   if (!initialized) return NOT_INITIALIZED; } while (0)
#define CONTEXT do { if (!current) return INVALID_CONTEXT; } while (0)

long test_calls(const char *name) {
    long calls = 0;
    pthread_mutex_lock(&lock);
    for (int i = 0; i < NAMES; i++) if (!strcmp(counted[i].name, name)) calls = counted[i].calls;
    pthread_mutex_unlock(&lock);
    return calls;
}

/* Which range holds all of the bytes; -1 if none. */
static int find(struct range *ranges, int count, u64 at, u64 bytes) {
    for (int i = 0; i < count; i++)
        if (ranges[i].bytes && at >= ranges[i].start && at - ranges[i].start + bytes <= ranges[i].bytes) return i;
    return -1;
}

static int touches(struct range *ranges, int count, u64 at, u64 bytes) {
    for (int i = 0; i < count; i++)
        if (ranges[i].bytes && at < ranges[i].start + ranges[i].bytes && ranges[i].start < at + bytes) return 1;
    return 0;
}

static int is_device(u64 at) { return device && at >= (u64)device && at < (u64)device + MEMORY; }
static char *reach(u64 at) { return is_device(at) ? shadow + (at - (u64)device) : (char *)at; }

int cuInit(unsigned flags) {
    int answer = enter(__func__);
    if (answer) return answer;
    pthread_mutex_lock(&lock);
    if (!device) {
        int file = memfd_create("device", 0);
        if (ftruncate(file, MEMORY)) abort();
        shadow = mmap(0, MEMORY, PROT_READ | PROT_WRITE, MAP_SHARED, file, 0);
        device = mmap(0, MEMORY, PROT_NONE, MAP_SHARED, file, 0);
        close(file);
        initialized = 1;
    }
    pthread_mutex_unlock(&lock);
    return OK;
}

int cuDriverGetVersion(int *version) { int a = enter(__func__); *version = 12040; return a; }
int cuDeviceGetCount(int *count) { ENTER; *count = 1; return OK; }
int cuDeviceGet(int *dev, int ordinal) { ENTER; *dev = ordinal; return ordinal ? 101 : OK; }
int cuDeviceGetName(char *name, int length, int dev) { ENTER; snprintf(name, length, "Test Device"); return OK; }

int cuGetErrorName(int error, const char **text) {
    *text = error == OUT_OF_MEMORY ? "CUDA_ERROR_OUT_OF_MEMORY" : error == ILLEGAL_ADDRESS
        ? "CUDA_ERROR_ILLEGAL_ADDRESS" : error == 100 ? "CUDA_ERROR_NO_DEVICE" : "CUDA_ERROR_TEST";
    return OK;
}
int cuGetErrorString(int error, const char **text) {
    *text = error == OUT_OF_MEMORY ? "out of memory" : error == 100 ? "no CUDA-capable device is detected"
        : "an error of the test";
    return OK;
}

int cuDevicePrimaryCtxRetain(struct context **context, int dev) { ENTER; *context = &primary; return OK; }
int cuDevicePrimaryCtxRelease_v2(int dev) { ENTER; return OK; }
int cuCtxGetCurrent(struct context **context) { ENTER; *context = current; return OK; }
int cuCtxSetCurrent(struct context *context) { ENTER; current = context; return OK; }
int cuCtxCreate_v2(struct context **context, unsigned flags, int dev) {
    ENTER; *context = current = calloc(1, sizeof **context); return OK;
}

static int allocate(u64 *address, u64 bytes, int kind) {
    u64 room = (bytes + 511) & ~511ull;
    pthread_mutex_lock(&lock);
    int full = !bytes || memories == RANGES || used + room > MEMORY;
    if (!full) {
        struct range *r = &memory[memories++];
        *r = (struct range) { kind == MANAGED ? (u64)aligned_alloc(512, room) : (u64)device + used, bytes,
                              kind == POOL ? 0 : (u64)current, kind };
        if (kind != MANAGED) used += room;
        *address = r->start;
    }
    pthread_mutex_unlock(&lock);
    return full ? OUT_OF_MEMORY : OK;
}
int cuMemAlloc_v2(u64 *address, u64 bytes) { ENTER; CONTEXT; return allocate(address, bytes, OURS); }
int cuMemAllocManaged(u64 *address, u64 bytes, unsigned flags) { ENTER; CONTEXT;
    return allocate(address, bytes, MANAGED); }
int cuMemAllocAsync(u64 *address, u64 bytes, void *stream) { ENTER; CONTEXT; return allocate(address, bytes, POOL); }

int cuMemFree_v2(u64 address) {
    ENTER; CONTEXT;
    pthread_mutex_lock(&lock);
    int i = find(memory, memories, address, 1);
    int known = i >= 0 && memory[i].start == address;
    if (known) {
        memset(reach(address), 0xEE, memory[i].bytes);
        memory[i].bytes = 0;
    }
    pthread_mutex_unlock(&lock);
    return known ? OK : INVALID_VALUE;
}
int cuMemAllocHost_v2(void **address, u64 bytes) { ENTER; CONTEXT; *address = malloc(bytes); return OK; }
int cuMemFreeHost(void *address) { ENTER; free(address); return OK; }

int cuMemHostRegister_v2(u64 address, u64 bytes, unsigned flags) {
    ENTER;
    pthread_mutex_lock(&lock);
    int again = touches(registered, registrations, address, bytes);
    int i = 0;
    while (i < registrations && registered[i].bytes) i++;
    if (!again) {
        registered[i] = (struct range) { address, bytes, 0, 0 };
        if (i == registrations) registrations++;
    }
    pthread_mutex_unlock(&lock);
    return again ? ALREADY_REGISTERED : OK;
}
int cuMemHostUnregister(u64 address) {
    ENTER;
    pthread_mutex_lock(&lock);
    int i = find(registered, registrations, address, 1);
    if (i >= 0) registered[i].bytes = 0;
    pthread_mutex_unlock(&lock);
    return i < 0 ? 713 : OK;
}

int cuPointerGetAttributes(unsigned count, int *attributes, void **data, u64 pointer) {
    ENTER;
    pthread_mutex_lock(&lock);
    int i = find(memory, memories, pointer, 1);
    struct range r = i < 0 ? (struct range) { 0 } : memory[i];
    pthread_mutex_unlock(&lock);
    for (unsigned a = 0; a < count; a++)
        switch (attributes[a]) {
        case 1: *(u64 *)data[a] = r.context; break;
        case 2: *(unsigned *)data[a] = i < 0 ? 0 : 2; break;
        case 8: *(char *)data[a] = i >= 0 && r.kind == MANAGED; break;
        case 9: *(int *)data[a] = i < 0 ? -2 : 0; break;
        default: return INVALID_VALUE;
        }
    return OK;
}

/* Each unit on its own, by plain arithmetic. */
static void run_kernel(struct op *op) {
    u64 *p = op->parameter;
    char *name = strrchr(op->function->name, '_');
    int width = atoi(name + 1);
    int gather = strstr(op->function->name, "gather") != NULL;
    char *packed = reach(p[0]);
    u64 *table = (u64 *)reach(p[2]);
    for (u64 unit = 0; unit < p[9]; unit++) {
        u64 at = p[8] + unit * width, element = at / p[6], within = at % p[6], tile = within / p[4];
        within %= p[4];
        u64 block = 0;
        while (block + 1 < p[3] && table[2 * block + 2] <= within) block++;
        char *place = reach(p[1] + element * p[7] + tile * p[5] + table[2 * block + 1] + within - table[2 * block]);
        if (gather) memcpy(packed + unit * width, place, width);
        else memcpy(place, packed + unit * width, width);
    }
}

static void *work(void *argument) {
    struct stream *stream = argument;
    const char *delay = getenv("CUDA_TEST_DELAY");
    pthread_mutex_lock(&stream->lock);
    for (;;) {
        while (!stream->head && !stream->closed) pthread_cond_wait(&stream->changed, &stream->lock);
        struct op *op = stream->head;
        if (!op) break;
        stream->head = op->next;
        if (!stream->head) stream->tail = NULL;
        pthread_mutex_unlock(&stream->lock);
        if (delay && op->kind != EVENT) usleep(atoi(delay));
        if (op->kind == COPY) memcpy(reach(op->target), reach(op->source), op->bytes);
        else if (op->kind == KERNEL) run_kernel(op);
        else op->event->done = 1;
        free(op);
        pthread_mutex_lock(&stream->lock);
        if (!stream->head) { stream->busy = 0; pthread_cond_broadcast(&stream->changed); }
    }
    pthread_mutex_unlock(&stream->lock);
    return NULL;
}

static int enqueue(struct stream *stream, struct op op) {
    if (!stream || stream->closed) return INVALID_HANDLE;
    if (stream->context != current) return INVALID_CONTEXT;
    struct op *copy = malloc(sizeof *copy);
    *copy = op;
    copy->next = NULL;
    pthread_mutex_lock(&stream->lock);
    if (stream->tail) stream->tail->next = copy; else stream->head = copy;
    stream->tail = copy;
    stream->busy = 1;
    pthread_cond_broadcast(&stream->changed);
    pthread_mutex_unlock(&stream->lock);
    return OK;
}

static int on_device(u64 at, u64 bytes) {
    pthread_mutex_lock(&lock);
    int i = find(memory, memories, at, bytes);
    pthread_mutex_unlock(&lock);
    return i >= 0;
}
/* All of it in one registration, or none of it in any. */
static int on_host(u64 at, u64 bytes) {
    pthread_mutex_lock(&lock);
    int good = !is_device(at) && (find(registered, registrations, at, bytes) >= 0
                                  || !touches(registered, registrations, at, bytes));
    pthread_mutex_unlock(&lock);
    return good;
}

int cuMemcpyHtoDAsync_v2(u64 target, u64 source, u64 bytes, struct stream *stream) {
    ENTER; CONTEXT;
    if (!on_device(target, bytes) || !on_host(source, bytes)) return INVALID_VALUE;
    return enqueue(stream, (struct op) { .kind = COPY, .target = target, .source = source, .bytes = bytes });
}
int cuMemcpyDtoHAsync_v2(u64 target, u64 source, u64 bytes, struct stream *stream) {
    ENTER; CONTEXT;
    if (!on_host(target, bytes) || !on_device(source, bytes)) return INVALID_VALUE;
    return enqueue(stream, (struct op) { .kind = COPY, .target = target, .source = source, .bytes = bytes });
}
int cuMemcpyDtoDAsync_v2(u64 target, u64 source, u64 bytes, struct stream *stream) {
    ENTER; CONTEXT;
    if (!on_device(target, bytes) || !on_device(source, bytes)) return INVALID_VALUE;
    return enqueue(stream, (struct op) { .kind = COPY, .target = target, .source = source, .bytes = bytes });
}

int cuStreamCreate(struct stream **stream, unsigned flags) {
    ENTER; CONTEXT;
    *stream = calloc(1, sizeof **stream);
    (*stream)->context = current;
    pthread_mutex_init(&(*stream)->lock, NULL);
    pthread_cond_init(&(*stream)->changed, NULL);
    return pthread_create(&(*stream)->thread, NULL, work, *stream) ? OUT_OF_MEMORY : OK;
}
int cuStreamSynchronize(struct stream *stream) {
    ENTER; CONTEXT;
    pthread_mutex_lock(&stream->lock);
    while (stream->busy) pthread_cond_wait(&stream->changed, &stream->lock);
    pthread_mutex_unlock(&stream->lock);
    return OK;
}
int cuStreamDestroy_v2(struct stream *stream) {
    ENTER; CONTEXT;
    pthread_mutex_lock(&stream->lock);
    stream->closed = 1;
    pthread_cond_broadcast(&stream->changed);
    pthread_mutex_unlock(&stream->lock);
    pthread_join(stream->thread, NULL);
    free(stream);
    return OK;
}

int cuEventCreate(struct event **event, unsigned flags) {
    ENTER; CONTEXT;
    *event = calloc(1, sizeof **event);
    (*event)->context = current;
    (*event)->done = 1;
    return OK;
}
int cuEventDestroy_v2(struct event *event) { ENTER; free(event); return OK; }
int cuEventRecord(struct event *event, struct stream *stream) {
    ENTER; CONTEXT;
    if (event->context != stream->context) return INVALID_HANDLE;
    event->done = 0;
    return enqueue(stream, (struct op) { .kind = EVENT, .event = event });
}
int cuEventQuery(struct event *event) { ENTER; CONTEXT; return event->done ? OK : NOT_READY; }
int cuEventSynchronize(struct event *event) {
    ENTER; CONTEXT;
    while (!event->done) usleep(10);
    return OK;
}

int cuModuleLoadData(struct module **module, const char *text) {
    ENTER; CONTEXT;
    if (!strstr(text, ".version") || !strstr(text, ".target sm_")) return INVALID_PTX;
    *module = malloc(sizeof **module);
    **module = (struct module) { current, strdup(text) };
    return OK;
}
int cuModuleUnload(struct module *module) { ENTER; CONTEXT; free(module->text); free(module); return OK; }
int cuModuleGetFunction(struct function **function, struct module *module, const char *name) {
    ENTER; CONTEXT;
    char entry[128];
    snprintf(entry, sizeof entry, ".visible .entry %s(", name);
    if (!strstr(module->text, entry)) return NOT_FOUND;
    *function = malloc(sizeof **function);
    (*function)->module = module;
    snprintf((*function)->name, sizeof (*function)->name, "%s", name);
    return OK;
}

int cuLaunchKernel(struct function *function, unsigned gx, unsigned gy, unsigned gz, unsigned bx, unsigned by,
                   unsigned bz, unsigned shared, struct stream *stream, void **parameters, void **extra) {
    ENTER; CONTEXT;
    if (function->module->context != current) return INVALID_HANDLE;
    if (!gx || !bx || bx > 1024 || gy != 1 || gz != 1 || by != 1 || bz != 1 || extra) return INVALID_VALUE;
    struct op op = { .kind = KERNEL, .function = function };
    for (int i = 0; i < 10; i++) op.parameter[i] = *(u64 *)parameters[i];
    int width = atoi(strrchr(function->name, '_') + 1);
    if (op.parameter[0] % width || op.parameter[1] % width) return 716;
    return enqueue(stream, op);
}
