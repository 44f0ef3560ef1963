package mpi;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.BufferedReader;
import java.io.IOException;
import java.io.InputStreamReader;
import java.lang.classfile.ClassFile;
import java.lang.classfile.ClassModel;
import java.lang.classfile.MethodModel;
import java.lang.classfile.instruction.InvokeDynamicInstruction;
import java.lang.classfile.instruction.InvokeInstruction;
import java.lang.constant.ClassDesc;
import java.lang.constant.DirectMethodHandleDesc;
import java.lang.constant.MethodTypeDesc;
import java.lang.reflect.Executable;
import java.lang.reflect.Method;
import java.lang.reflect.Modifier;
import java.net.URISyntaxException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Deque;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeSet;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;

/**
 * Every public method of the published API is called by a test; every one that has arguments and throws
 * {@link MPIException} also by a test of wrong ones. What a test calls is read from the class files of this module's
 * tests; a call is one with wrong arguments when it is made in a lambda that goes to a method which demands an error.
 */
class CoverageTest {
    private static final Set<String> DEMANDING = Set.of("raises", "assertRaises", "assertThrows", "wrong", "fails");

    /** Methods without a wrong argument, as any value is right, or those that a program gives to the API. */
    private static final Set<String> NOTHING_IS_WRONG = Set.of("Comm.abort(int)", "Status.setCancelled(boolean)",
            "Intracomm.openPort(Info)", "UserFunction.call(Object, Object, int, Datatype)",
            "UserFunction.call(ByteBuffer, ByteBuffer, int, Datatype)");

    private static final Set<String> CALLED = new HashSet<>();
    private static final Set<String> REFUSED = new HashSet<>();

    /** What each method of the tests calls, and what it hands to methods that demand an error. */
    private static final Map<String, Set<String>> CALLS = new HashMap<>();
    private static final Set<String> HANDED = new HashSet<>();

    private record Lambda(ClassDesc type, String target) {}

    @BeforeAll
    static void read() throws IOException, URISyntaxException {
        Path root = Path.of(CoverageTest.class.getProtectionDomain().getCodeSource().getLocation().toURI());
        try (Stream<Path> files = Files.walk(root)) {
            for (Path file : files.filter(f -> f.toString().endsWith(".class")).toList()) {
                ClassModel model = ClassFile.of().parse(file);
                model.methods().forEach(method -> read(model, method));
            }
        }
        CALLS.values().forEach(CALLED::addAll);
        Deque<String> open = new ArrayDeque<>(HANDED);
        while (!open.isEmpty()) {
            String next = open.pop();
            if (REFUSED.add(next)) {
                open.addAll(CALLS.getOrDefault(next, Set.of()));
            }
        }
    }

    private static void read(ClassModel model, MethodModel method) {
        Set<String> calls = CALLS.computeIfAbsent(id(model.thisClass().asSymbol(), method.methodName().stringValue(),
                method.methodTypeSymbol()), k -> new HashSet<>());
        List<Lambda> lambdas = new ArrayList<>();
        method.code().ifPresent(code -> code.forEach(element -> {
            if (element instanceof InvokeDynamicInstruction dynamic) {
                dynamic.bootstrapArgs().stream().filter(DirectMethodHandleDesc.class::isInstance)
                        .map(DirectMethodHandleDesc.class::cast)
                        .filter(handle -> handle.lookupDescriptor().startsWith("(")).forEach(handle -> {
                            MethodTypeDesc type = MethodTypeDesc.ofDescriptor(handle.lookupDescriptor());
                            String target = id(handle.owner(), handle.methodName(), type);
                            lambdas.add(new Lambda(dynamic.typeSymbol().returnType(), target));
                        });
            } else if (element instanceof InvokeInstruction invoke) {
                String name = invoke.name().stringValue();
                calls.add(id(invoke.owner().asSymbol(), name, invoke.typeSymbol()));
                boolean demanding = DEMANDING.contains(name);
                lambdas.removeIf(lambda -> {
                    boolean taken = invoke.typeSymbol().parameterList().contains(lambda.type());
                    if (taken) {
                        (demanding ? HANDED : calls).add(lambda.target());
                    }
                    return taken;
                });
            }
        }));
        lambdas.forEach(lambda -> calls.add(lambda.target()));
    }

    /** Owners are the classes that declare a method, where these are the API's. */
    private static String id(ClassDesc owner, String name, MethodTypeDesc type) {
        String declaring = owner.isClassOrInterface() && owner.packageName().equals("mpi")
                ? declaring(owner.descriptorString().substring(5).replace(";", ""), name, type) : owner.displayName();
        return declaring + "." + name + "(" + type.parameterList().stream().map(CoverageTest::shown)
                .collect(Collectors.joining(", ")) + ")";
    }

    private static String shown(ClassDesc type) {
        return type.displayName();
    }

    private static String declaring(String owner, String name, MethodTypeDesc type) {
        for (Class<?> c = find(owner); c != null && c != Object.class; c = c.getSuperclass()) {
            for (Method m : c.getDeclaredMethods()) {
                if (m.getName().equals(name) && !m.isBridge()
                        && parameters(m).equals(type.parameterList().stream().map(ClassDesc::descriptorString)
                        .toList())) {
                    return c.getName().substring(4);
                }
            }
        }
        return owner;
    }

    private static List<String> parameters(Executable method) {
        return Arrays.stream(method.getParameterTypes()).map(Class::descriptorString).toList();
    }

    private static Class<?> find(String name) {
        try {
            return Class.forName("mpi." + name, false, CoverageTest.class.getClassLoader());
        } catch (ClassNotFoundException e) {
            throw new AssertionError(e);
        }
    }

    private static List<Executable> published() throws IOException {
        List<Executable> members = new ArrayList<>();
        try (BufferedReader in = new BufferedReader(new InputStreamReader(
                CoverageTest.class.getResourceAsStream("/mpi-signatures.txt"), StandardCharsets.UTF_8))) {
            in.lines().filter(line -> !line.startsWith(" ")).forEach(line -> {
                Class<?> type = find(line.replaceFirst("^[a-z ]+ mpi\\.([\\w$]+).*", "$1"));
                Stream.concat(Stream.of(type.getDeclaredConstructors()), Stream.of(type.getDeclaredMethods()))
                        .filter(m -> !m.isSynthetic() && !(type.isInterface()))
                        .filter(m -> Modifier.isPublic(m.getModifiers()))
                        .filter(m -> m instanceof Method || hasWork(type))
                        .forEach(members::add);
            });
        }
        return members;
    }

    /** Whether constructors are for programs: views of structs are made by {@code getData}, {@link MPI} is static. */
    private static boolean hasWork(Class<?> type) {
        return type != MPI.class && !Struct.Data.class.isAssignableFrom(type);
    }

    private static String id(Executable member) {
        return member.getDeclaringClass().getName().substring(4) + "."
                + (member instanceof Method ? member.getName() : "<init>") + "("
                + Arrays.stream(member.getParameterTypes()).map(c -> c.describeConstable().orElseThrow())
                .map(CoverageTest::shown).collect(Collectors.joining(", ")) + ")";
    }

    @Test
    void everyMethodIsCalled() throws IOException {
        Set<String> missing = new TreeSet<>();
        published().stream().map(CoverageTest::id).filter(id -> !CALLED.contains(id)).forEach(missing::add);
        assertEquals("", String.join("\n", missing));
    }

    @Test
    void everyMethodIsCalledWithAWrongArgument() throws IOException {
        Set<String> missing = new TreeSet<>();
        published().stream().filter(m -> m.getParameterCount() > 0
                && List.of(m.getExceptionTypes()).contains(MPIException.class)).map(CoverageTest::id)
                .filter(id -> !REFUSED.contains(id)).forEach(missing::add);
        missing.removeAll(NOTHING_IS_WRONG);
        assertEquals("", String.join("\n", missing));
    }

    @Test
    void theApiIsNotSmall() throws IOException {
        assertTrue(published().size() > 500, "published: " + published().size());
    }
}
