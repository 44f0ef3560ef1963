/** The loops behind {@code isthmus bench}: programs against package {@code mpi} alone. */
package org.isthmus.benchmarks;
