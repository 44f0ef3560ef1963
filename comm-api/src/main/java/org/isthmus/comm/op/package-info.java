/**
 * Reduction operations: one loop per operation and array type, and what brings operands from anywhere to those loops.
 */
package org.isthmus.comm.op;
