/** JMH benchmarks of internals, all in one JVM: costs of single steps without any hand-over between cores. */
package org.isthmus.benchmarks.internals;
