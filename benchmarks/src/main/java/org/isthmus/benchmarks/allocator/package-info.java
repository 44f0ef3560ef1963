/** The loops behind {@code isthmus bench allocator}: workloads over the allocator's internals and its rivals. */
package org.isthmus.benchmarks.allocator;
