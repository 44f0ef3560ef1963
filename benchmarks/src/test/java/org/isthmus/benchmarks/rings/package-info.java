/** The ring variants beside their rivals: queues that other projects ship. */
package org.isthmus.benchmarks.rings;
