"""Image folders made from the files of Debian's packages."""
