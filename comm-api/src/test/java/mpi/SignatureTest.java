package mpi;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.BufferedReader;
import java.io.IOException;
import java.io.InputStreamReader;
import java.lang.reflect.Constructor;
import java.lang.reflect.Field;
import java.lang.reflect.Method;
import java.lang.reflect.Modifier;
import java.nio.charset.StandardCharsets;
import java.util.Arrays;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeSet;
import java.util.regex.Pattern;
import java.util.stream.Collectors;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** Package {@code mpi} has the members of the published API, class by class: none missing, none more. */
class SignatureTest {
    /** Classes of later parts of the API; members that mention them are not there yet. */
    private static final List<String> LATER = List.of();
    /** Members that the published list omits: those that upstream wrote in C, and constructors with a long argument. */
    private static final Set<String> UNLISTED = Set.of("constructor public (long)",
            "constructor public (long, mpi.Datatype, mpi.Datatype, String)",
            "method public boolean isNull()", "method public void free() throws mpi.MPIException",
            "method public static boolean isInitialized() throws mpi.MPIException",
            "method public static boolean isFinalized() throws mpi.MPIException");

    private static final Map<String, Set<String>> PUBLISHED = read();

    private static Map<String, Set<String>> read() {
        Map<String, Set<String>> classes = new LinkedHashMap<>();
        try (BufferedReader in = new BufferedReader(new InputStreamReader(
                SignatureTest.class.getResourceAsStream("/mpi-signatures.txt"), StandardCharsets.UTF_8))) {
            Set<String> members = null;
            for (String line = in.readLine(); line != null; line = in.readLine()) {
                if (!line.startsWith(" ")) {
                    members = new TreeSet<>();
                    classes.put(line, members);
                } else if (members != null && !isLater(line)) {
                    members.add(line.strip());
                }
            }
        } catch (IOException e) {
            throw new java.io.UncheckedIOException(e);
        }
        return classes;
    }

    private static boolean isLater(String line) {
        return LATER.stream().anyMatch(name -> line.matches(".*\\bmpi\\." + name + "\\b.*"));
    }

    @ParameterizedTest
    @ValueSource(classes = {CartComm.class, CartParms.class, Comm.class, Count.class, Datatype.class,
        DistGraphNeighbors.class, DoubleComplex.class, DoubleInt.class, DoubleInt.Data.class, Errhandler.class,
        File.class, FileView.class, FloatComplex.class, FloatInt.class, FloatInt.Data.class, Freeable.class,
        GraphComm.class, GraphParms.class, Group.class, Info.class, Int2.class, Int2.Data.class, Intercomm.class,
        Intracomm.class, LongInt.class, LongInt.Data.class, Message.class, MPI.class, MPIException.class, Op.class,
        Prequest.class, Request.class,
        ShiftParms.class, ShortInt.class, ShortInt.Data.class, Status.class, Struct.class, Struct.Data.class,
        UserFunction.class, Version.class, Win.class})
    void hasThePublishedMembers(Class<?> type) {
        String pattern = "[a-z ]+ " + Pattern.quote(type.getName()) + "( .*)?";
        String head = PUBLISHED.keySet().stream().filter(h -> h.matches(pattern)).findFirst().orElseThrow();
        assertEquals(head, head(type));
        Set<String> missing = new TreeSet<>(PUBLISHED.get(head));
        missing.removeAll(members(type));
        Set<String> added = members(type);
        added.removeAll(PUBLISHED.get(head));
        added.removeAll(UNLISTED);
        assertEquals("missing [], added []", "missing " + missing + ", added " + added);
    }

    @Test
    void everyPublishedClassIsThereOrComesLater() {
        for (String head : PUBLISHED.keySet()) {
            String name = head.replaceFirst("^[a-z ]+ mpi\\.([\\w$]+).*", "$1");
            assertTrue(LATER.contains(name) || exists(name), head);
        }
    }

    @Test
    void constantsAreNotCopiedIntoPrograms() throws IOException {
        // A compile-time constant has a ConstantValue attribute; the class file then names that attribute.
        try (var in = MPI.class.getResourceAsStream("MPI.class")) {
            String file = new String(in.readAllBytes(), StandardCharsets.ISO_8859_1);
            assertTrue(!file.contains("ConstantValue"), "MPI has a compile-time constant");
        }
    }

    @Test
    void fieldsAreFinal() {
        for (Field field : MPI.class.getFields()) {
            assertTrue(Modifier.isFinal(field.getModifiers()), field.toString());
        }
    }

    private static boolean exists(String name) {
        try {
            Class.forName("mpi." + name);
            return true;
        } catch (ClassNotFoundException e) {
            return false;
        }
    }

    private static String head(Class<?> type) {
        String head = modifiers(type.getModifiers() & ~Modifier.FINAL & ~Modifier.INTERFACE)
                + (type.isInterface() ? "interface " : "class ") + type.getName();
        if (!type.isInterface() && type.getSuperclass() != Object.class) {
            head += " extends " + name(type.getSuperclass());
        }
        if (type.getInterfaces().length > 0) {
            head += " implements " + names(type.getInterfaces());
        }
        return head;
    }

    private static Set<String> members(Class<?> type) {
        Set<String> members = new TreeSet<>();
        for (Constructor<?> c : type.getDeclaredConstructors()) {
            if (isApi(c.getModifiers())) {
                members.add("constructor " + modifiers(c.getModifiers()) + "(" + names(c.getParameterTypes()) + ")"
                        + exceptions(c.getExceptionTypes()));
            }
        }
        for (Field f : type.getDeclaredFields()) {
            if (isApi(f.getModifiers())) {
                members.add("field " + modifiers(f.getModifiers() & ~Modifier.FINAL) + name(f.getType()) + " "
                        + f.getName());
            }
        }
        for (Method m : type.getDeclaredMethods()) {
            if (isApi(m.getModifiers()) && !m.isBridge() && !m.getName().equals("hashCode")) {
                members.add("method " + modifiers(m.getModifiers() & ~Modifier.FINAL & ~Modifier.SYNCHRONIZED)
                        + name(m.getReturnType()) + " " + m.getName() + "(" + names(m.getParameterTypes()) + ")"
                        + exceptions(m.getExceptionTypes()));
            }
        }
        return members;
    }

    private static boolean isApi(int modifiers) {
        return Modifier.isPublic(modifiers) || Modifier.isProtected(modifiers);
    }

    private static String modifiers(int modifiers) {
        return modifiers == 0 ? "" : Modifier.toString(modifiers) + " ";
    }

    private static String exceptions(Class<?>[] types) {
        return types.length == 0 ? "" : " throws " + names(types);
    }

    private static String names(Class<?>[] types) {
        return Arrays.stream(types).map(SignatureTest::name).collect(Collectors.joining(", "));
    }

    private static String name(Class<?> type) {
        return type.getTypeName().replaceFirst("^java\\.(lang|nio|util)\\.", "");
    }
}
