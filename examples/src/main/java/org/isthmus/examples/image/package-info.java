/** Writing pictures. */
package org.isthmus.examples.image;
