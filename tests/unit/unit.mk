# Archives (NAME_LIBS), packages (NAME_PKGS) and other libraries (NAME_LDLIBS) of each unit test.
# Order: users before what they use.
