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

/// In userNotificationCenter(_:didReceive:): what a tap opens.
func link(of userInfo: [AnyHashable: Any]) -> URL? {
    (userInfo["link"] as? String).flatMap(URL.init(string:))
}
