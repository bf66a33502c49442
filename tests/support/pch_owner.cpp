int main() {}  // owns the precompiled header that every test program reuses
