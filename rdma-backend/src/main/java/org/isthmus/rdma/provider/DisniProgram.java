package org.isthmus.rdma.provider;

import java.io.IOException;
import java.lang.reflect.InvocationTargetException;
import java.util.Arrays;

/**
 * Runs an unchanged program on {@link NativeProvider}: {@code java --enable-native-access=ALL-UNNAMED -cp ...
 * org.isthmus.rdma.provider.DisniProgram CLASS [ARGUMENT ...]}. With {@code --stock} before the class DiSNI's own
 * provider is left in place, which needs libdisni.
 */
public final class DisniProgram {
    private static final String STOCK = "--stock";

    private DisniProgram() {}

    public static void main(String[] arguments) throws Throwable {
        boolean stock = arguments.length > 0 && arguments[0].equals(STOCK);
        int at = stock ? 1 : 0;
        if (arguments.length <= at) {
            System.err.println("usage: java -cp ... " + DisniProgram.class.getName() + " [" + STOCK
                    + "] CLASS [ARGUMENT ...]");
            System.exit(2);
        }
        if (!stock) {
            try {
                NativeProvider.install();
            } catch (IOException e) {
                System.err.println("isthmus: " + e.getMessage());
                System.exit(1);
            }
        }
        try {
            Class.forName(arguments[at]).getMethod("main", String[].class)
                    .invoke(null, (Object) Arrays.copyOfRange(arguments, at + 1, arguments.length));
        } catch (InvocationTargetException e) {
            throw e.getCause();
        }
    }
}
