/** Command lines of the examples. */
package org.isthmus.examples.options;
