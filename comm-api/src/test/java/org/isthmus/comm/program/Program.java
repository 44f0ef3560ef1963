package org.isthmus.comm.program;

import java.lang.annotation.ElementType;
import java.lang.annotation.Retention;
import java.lang.annotation.RetentionPolicy;
import java.lang.annotation.Target;

/**
 * A static method without arguments that every rank of a job runs between {@code Init} and {@code Finalize}. It checks
 * its own results and leaves nothing under way on {@code COMM_WORLD}.
 */
@Retention(RetentionPolicy.RUNTIME)
@Target(ElementType.METHOD)
@interface Program {
    int minRanks() default 1;

    int maxRanks() default Integer.MAX_VALUE;
}
