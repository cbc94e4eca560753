struct Me: Encodable {
    let registration_id: String
    let id_kind = "token"
    let platform = "ios"
}

struct Device: Decodable {
    let secret: String?
}

struct Kinds: Encodable {
    let kinds: [String]
}

/// At each start, and when Firebase gives another token. Returns the secret to keep in the keychain.
func register(key: String, token: String, secret: String?) async throws -> String? {
    let device: Device = try await call("PUT", "devices/\(key)", body: Me(registration_id: token), secret: secret)
    return device.secret ?? secret
}

func followLand(secret: String) async throws {
    let _: Nothing = try await call(
        "PUT", "follows/topic/11-dat-dai", body: Kinds(kinds: ["new", "amended"]), secret: secret)
}

/// In userNotificationCenter(_:didReceive:): the page to show, in a browser or a view of yours.
/// Nil: private news, of which the inbox has the entry `nid`.
func page(of userInfo: [AnyHashable: Any]) -> URL? {
    guard let link = userInfo["link"] as? String, !link.contains("/inbox/") else { return nil }
    return (userInfo["page_url"] as? String).flatMap(URL.init(string:))
}
