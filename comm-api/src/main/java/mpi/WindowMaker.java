package mpi;

import java.lang.foreign.MemorySegment;
import java.nio.Buffer;
import org.isthmus.comm.Engine;
import org.isthmus.comm.buffer.UserBuffer;
import org.isthmus.comm.datatype.Primitive;
import org.isthmus.comm.datatype.TypeMap;
import org.isthmus.comm.error.CommException;
import org.isthmus.comm.error.ErrorClass;
import org.isthmus.comm.group.Communicator;
import org.isthmus.comm.rma.Exposure;
import org.isthmus.comm.rma.Exposure.Flavor;
import org.isthmus.comm.rma.Window;
import org.isthmus.comm.rma.WindowQuery;

/** The constructors of {@link Win} (MPI 3.1, section 11.2): check the arguments and the buffer, make the window. */
final class WindowMaker {
    private static final TypeMap BYTE = TypeMap.of(Primitive.BYTE);

    private WindowMaker() {}

    /** Checks what this process brings into the window. */
    private interface Check {
        Exposure run(Engine engine);
    }

    static void create(Win win, Buffer base, int size, int dispUnit, Info info, Comm comm) throws MPIException {
        make(win, base, info, comm, engine -> {
            int unit = unit(base);
            long declared = base == null ? bytes(base, size, unit) : (long) size * unit;
            checkSize(size);
            long bytes = base == null ? 0 : (long) base.capacity() * unit;
            win.declare(declared);
            if (bytes == 0) {
                return new Exposure(Flavor.CREATE, engine.memory(), 0, 0, displacement(dispUnit, unit));
            }
            return expose(Flavor.CREATE, base, bytes, displacement(dispUnit, unit));
        });
    }

    static void allocate(Win win, int size, int dispUnit, Info info, Comm comm, Buffer base, int flavor)
            throws MPIException {
        make(win, base, info, comm, engine -> {
            if (flavor != Win.FLAVOR_PRIVATE && flavor != Win.FLAVOR_SHARED) {
                throw Checks.arg("flavor is " + flavor + "; it must be Win.FLAVOR_PRIVATE (" + Win.FLAVOR_PRIVATE
                        + ") or Win.FLAVOR_SHARED (" + Win.FLAVOR_SHARED + ")");
            }
            Flavor kind = flavor == Win.FLAVOR_SHARED ? Flavor.SHARED : Flavor.ALLOCATE;
            int unit = unit(base);
            int step = displacement(dispUnit, unit);
            if (base == null || base.capacity() == 0 || size == 0) {
                checkSize(size);
                boolean joined = kind == Flavor.SHARED && !isApart(info);
                return new Exposure(kind, null, 0, (long) size * unit, step, joined);
            }
            Exposure exposure = expose(kind, base, bytes(base, size, unit), step);
            if (kind == Flavor.SHARED && exposure.memory() != engine.memory()) {
                throw new CommException(ErrorClass.RMA_SHARED, "base is not in the node's shared memory: make it by "
                        + "MPI.new*Buffer, or pass null, and the window allocates memory itself");
            }
            return exposure;
        });
    }

    private static boolean isApart(Info info) {
        return info != null && !info.isNull() && "true".equals(info.valueOf("alloc_shared_noncontig"));
    }

    static void dynamic(Win win, Info info, Comm comm) throws MPIException {
        make(win, null, info, comm, engine -> new Exposure(Flavor.DYNAMIC, engine.memory(), 0, 0, 1));
    }

    private static void make(Win win, Buffer base, Info info, Comm comm, Check check) throws MPIException {
        Engine engine = Session.engine();
        Window created;
        if (comm == null) {
            throw Errors.raise(new CommException(ErrorClass.COMM, "comm is null"));
        }
        engine.enter();
        try {
            Communicator c = comm.communicator();
            if (c.isInter()) {
                throw new CommException(ErrorClass.COMM, "comm is an intercommunicator; a window needs an "
                        + "intracommunicator: use merge first");
            }
            created = engine.windows().create(c, check.run(engine), base);
        } catch (CommException e) {
            throw Errors.raise(comm, e);
        } finally {
            engine.exit();
        }
        engine.windows().serve(created);
        WindowQuery.register(win, created);
        win.open(created, hints(null, info));
    }

    /** Hints in use after {@code added} is set: those that a window knows and whose values make sense. */
    static Info hints(Info before, Info added) throws MPIException {
        Info hints = Info.copyOf(before);
        if (before == null) {
            for (String key : new String[] {"no_locks", "same_size", "same_disp_unit", "alloc_shared_noncontig"}) {
                hints.set(key, "false");
            }
            hints.set("accumulate_ordering", "rar,raw,war,waw");
            hints.set("accumulate_ops", "same_op_no_op");
        }
        Info wanted = Info.copyOf(added);
        for (int i = 0; i < wanted.size(); i++) {
            String key = wanted.getKey(i);
            String value = wanted.get(key);
            boolean sound = switch (key) {
                case "no_locks", "same_size", "same_disp_unit", "alloc_shared_noncontig" ->
                    value.equals("true") || value.equals("false");
                case "accumulate_ops" -> value.equals("same_op") || value.equals("same_op_no_op");
                case "accumulate_ordering" -> value.matches("none|(rar|raw|war|waw)(,(rar|raw|war|waw))*");
                default -> false;
            };
            if (sound) {
                hints.set(key, value);
            }
        }
        return hints;
    }

    /** The value of a hint, null when it is not set. */
    static String hint(Info hints, String key) {
        return hints.valueOf(key);
    }

    /** Memory of {@code base} as the engine sees it. */
    static Exposure expose(Flavor flavor, Buffer base, long bytes, int step) {
        if (!base.isDirect()) {
            throw new CommException(ErrorClass.BUFFER, "base is a " + base.getClass().getSimpleName()
                    + " on the heap, which other ranks cannot reach: use a direct buffer, best of MPI.new*Buffer");
        }
        MemorySegment memory =
                (MemorySegment) UserBuffer.onHost(UserBuffer.base(base, "base", true, BYTE, 0, bytes), "base");
        return new Exposure(flavor, memory, UserBuffer.offset(base), bytes, step);
    }

    static int unit(Buffer base) {
        return base == null ? 1 : UserBuffer.elementBytes(base);
    }

    /** Bytes of a window of {@code size} elements on {@code base}. */
    static long bytes(Buffer base, int size, int unit) {
        checkSize(size);
        int capacity = base == null ? 0 : base.capacity();
        if (size > capacity) {
            throw new CommException(ErrorClass.SIZE, "size is " + size + ", but base "
                    + (base == null ? "is null" : "has " + capacity + " elements")
                    + "; it must be from 0 to " + capacity);
        }
        return (long) size * unit;
    }

    private static void checkSize(int size) {
        if (size < 0) {
            throw new CommException(ErrorClass.SIZE, "size is " + size + "; it must be 0 or more");
        }
    }

    private static int displacement(int dispUnit, int unit) {
        if (dispUnit < 1 || dispUnit > Integer.MAX_VALUE / unit) {
            throw new CommException(ErrorClass.DISP, "dispUnit is " + dispUnit
                    + "; it must be from 1 to " + Integer.MAX_VALUE / unit + " elements of base");
        }
        return dispUnit * unit;
    }
}
