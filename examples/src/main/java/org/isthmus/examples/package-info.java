/** Short programs to the public API, one topic each, each of which checks its own result. */
package org.isthmus.examples;
