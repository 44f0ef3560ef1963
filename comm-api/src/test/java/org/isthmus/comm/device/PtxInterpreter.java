package org.isthmus.comm.device;

import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;

/**
 * Runs a kernel's PTX text, one thread after the other, as far as our kernels need the language (PTX ISA, chapter 9):
 * 64-bit integers, loads and stores, comparisons, branches. Memory is an array; addresses are its indices. Anything
 * else in the text is an error.
 */
final class PtxInterpreter {
    private final List<String> code = new ArrayList<>();
    private final Map<String, Integer> labels = new HashMap<>();
    private final byte[] memory;

    /** @param text of a module with that entry */
    PtxInterpreter(String text, String entry, byte[] memory) {
        this.memory = memory;
        int start = text.indexOf(".entry " + entry + "(");
        if (start < 0) {
            throw new IllegalArgumentException("no entry " + entry);
        }
        int body = text.indexOf('{', start);
        for (String line : text.substring(body + 1, text.indexOf('}', body)).split("[;\n]")) {
            String statement = line.strip();
            if (statement.endsWith(":")) {
                labels.put(statement.substring(0, statement.length() - 1), code.size());
            } else if (!statement.isEmpty() && !statement.startsWith(".reg")) {
                code.add(statement);
            }
        }
    }

    void run(long[] parameters, int blocks, int threads) {
        for (int block = 0; block < blocks; block++) {
            for (int thread = 0; thread < threads; thread++) {
                Map<String, Long> registers = new HashMap<>(Map.of("%ctaid.x", (long) block, "%nctaid.x",
                        (long) blocks, "%tid.x", (long) thread, "%ntid.x", (long) threads));
                for (int i = 0; i < parameters.length; i++) {
                    registers.put("p" + i, parameters[i]);
                }
                runThread(registers);
            }
        }
    }

    private void runThread(Map<String, Long> registers) {
        for (int at = 0; at < code.size();) {
            String[] words = code.get(at++).split("[\\s,]+");
            int first = 0;
            if (words[0].startsWith("@")) {
                first = 1;
                if (value(registers, words[0].substring(1)) == 0) {
                    continue;
                }
            }
            String operation = words[first];
            if (operation.equals("ret")) {
                return;
            }
            if (operation.equals("bra")) {
                at = labels.get(words[first + 1]);
                continue;
            }
            execute(registers, operation, words, first + 1);
        }
        throw new IllegalStateException("a kernel ends by ret");
    }

    private void execute(Map<String, Long> registers, String operation, String[] words, int first) {
        String target = words[first];
        long a = operand(registers, operation, words, first + 1);
        long b = first + 2 < words.length ? value(registers, words[first + 2]) : 0;
        long c = first + 3 < words.length ? value(registers, words[first + 3]) : 0;
        long result = switch (operation) {
            case "ld.param.u64", "mov.u32", "mov.u64", "cvt.u64.u32" -> a;
            case "mul.wide.u32" -> (a & 0xFFFFFFFFL) * (b & 0xFFFFFFFFL);
            case "add.u64" -> a + b;
            case "sub.u64" -> a - b;
            case "div.u64" -> Long.divideUnsigned(a, b);
            case "rem.u64" -> Long.remainderUnsigned(a, b);
            case "shl.b64" -> a << b;
            case "shr.u64" -> a >>> b;
            case "mad.lo.u64" -> a * b + c;
            case "selp.u64" -> c != 0 ? a : b;
            case "setp.ge.u64" -> Long.compareUnsigned(a, b) >= 0 ? 1 : 0;
            case "setp.le.u64" -> Long.compareUnsigned(a, b) <= 0 ? 1 : 0;
            case "setp.gt.u64" -> Long.compareUnsigned(a, b) > 0 ? 1 : 0;
            case "ld.global.u8", "ld.global.u16", "ld.global.u32", "ld.global.u64" -> load(a, width(operation));
            case "st.global.u8", "st.global.u16", "st.global.u32", "st.global.u64" -> {
                store(address(registers, target), a, width(operation));
                yield 0;
            }
            default -> throw new IllegalStateException("no operation " + operation);
        };
        if (!operation.startsWith("st.")) {
            registers.put(target, result);
        }
    }

    private long operand(Map<String, Long> registers, String operation, String[] words, int index) {
        String text = words[index];
        return operation.startsWith("ld.global") ? address(registers, text)
                : value(registers, text.replace("[", "").replace("]", ""));
    }

    private static long address(Map<String, Long> registers, String text) {
        String[] parts = text.substring(1, text.length() - 1).split("\\+");
        return value(registers, parts[0]) + (parts.length > 1 ? Long.parseLong(parts[1]) : 0);
    }

    private static long value(Map<String, Long> registers, String text) {
        if (Character.isDigit(text.charAt(0))) {
            return Long.parseLong(text);
        }
        Long value = registers.get(text);
        if (value == null) {
            throw new IllegalStateException(text + " is read before it is set");
        }
        return value;
    }

    private static int width(String operation) {
        return Integer.parseInt(operation.substring(operation.lastIndexOf('u') + 1)) / Byte.SIZE;
    }

    private long load(long address, int width) {
        checkAligned(address, width);
        long value = 0;
        for (int i = 0; i < width; i++) {
            value |= (memory[Math.toIntExact(address + i)] & 0xFFL) << Byte.SIZE * i;
        }
        return value;
    }

    private void store(long address, long value, int width) {
        checkAligned(address, width);
        for (int i = 0; i < width; i++) {
            memory[Math.toIntExact(address + i)] = (byte) (value >> Byte.SIZE * i);
        }
    }

    private static void checkAligned(long address, int width) {
        if (address % width != 0) {
            throw new IllegalStateException("address " + address + " is not aligned to " + width);
        }
    }
}
