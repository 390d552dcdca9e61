import Testing

@testable import Events

@Suite struct SkeletonTests {
    @Test(arguments: [
        ("cannot reach plugin mail from the registry", "reach plugin mail the registry"),
        ("the link eth is up again today", "link eth is again today"),
        ("user <*> of ward north was refused entry", "of ward north was entry"),
        ("the java.io.EOFException met status 500 here twice", "met status here twice"),
        ("a job ended with ERROR in stage blue", "job ended with stage blue"),
        ("module Foo::Bar threw ORA-01555 while priming caches", "threw while priming caches"),
    ])
    func `values may differ; levels, exceptions, codes, faults and opposites may not`(text: String, words: String)
        throws
    {
        let skeleton = try #require(Skeleton(text))
        #expect(skeleton.places.map { skeleton.word(at: $0) }.joined(separator: " ") == words)
    }

    @Test(arguments: ["", "three plain words", "a <*> b <*> c <*>", "1 2 3 4 5 6", "<*>"])
    func `what has too few words has no siblings`(text: String) { #expect(Skeleton(text) == nil) }

    @Test func `a hole joins the placeholders beside it`() throws {
        let skeleton = try #require(Skeleton("store <*> of branch west <*> is shut"))
        #expect(skeleton.holed(at: 4) == "store <*> of branch <*> is shut")
        #expect(skeleton.holed(at: 3) == "store <*> of <*> west <*> is shut")
    }

    @Test func `words that only look alike are two`() throws {
        let composed = try #require(Skeleton("the caf\u{E9} of ward north sleeps"))
        let decomposed = try #require(Skeleton("the cafe\u{301} of ward north sleeps"))
        #expect(composed.words[1] != decomposed.words[1] && composed.differs(from: decomposed, at: 1))
        #expect(!composed.differs(from: decomposed, at: 2) && !composed.differs(from: composed, at: 1))
    }

    @Test func `a long message has a bounded number of places`() throws {
        let text = (0..<200).map { _ in "word" }.joined(separator: " ")
        #expect(try #require(Skeleton(text)).places.count == Skeleton.placesMax)
    }
}
