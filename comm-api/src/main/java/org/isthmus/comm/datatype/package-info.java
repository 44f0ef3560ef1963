/**
 * Datatypes as byte layouts ({@link org.isthmus.comm.datatype.TypeMap}), their constructors, and packing of any slice
 * of a message.
 */
package org.isthmus.comm.datatype;
