import type {Generation} from './operation.js';

/** What the live channel is asked to tell, with the hash each subscription has in each form of the site. */
export const subscriptions: Record<Generation, readonly {name: string; hash: string}[]> = {
  '2025-03': [
    {name: 'messageAdded', hash: '993dcce616ce18788af3cce85e31437abf8fd64b14a3daaf3ae2f0e02d35aa03'},
    {name: 'messageCancelled', hash: '14647e90e5960ec81fa83ae53d270462c3743199fbb6c4f26f40f4c83116d2ff'},
    {name: 'messageDeleted', hash: '91f1ea046d2f3e21dabb3131898ec3c597cb879aa270ad780e8fdd687cde02a3'},
    {name: 'messageRead', hash: '8c80ca00f63ad411ba7de0f1fa064490ed5f438d4a0e60fd9caa080b11af9495'},
    {name: 'messageCreated', hash: '47ee9830e0383f002451144765226c9be750d6c2135e648bced2ca7efc9d8a67'},
    {name: 'messageStateUpdated', hash: '117a49c685b4343e7e50b097b10a13b9555fedd61d3bf4030c450dccbeef5676'},
    {name: 'messageAttachmentAdded', hash: '65798bb2f409d9457fc84698479f3f04186d47558c3d7e75b3223b6799b6788d'},
    {name: 'messageFollowupActionAdded', hash: 'd2e770beae7c217c77db4918ed93e848ae77df668603bc84146c161db149a2c7'},
    {name: 'messageMetadataUpdated', hash: '71c247d997d73fb0911089c1a77d5d8b8503289bc3701f9fb93c9b13df95aaa6'},
    {name: 'messageTextUpdated', hash: '800eea48edc9c3a81aece34f5f1ff40dc8daa71dead9aec28f2b55523fe61231'},
    {name: 'jobStarted', hash: '17099b40b42eb9f7e32323aa6badc9283b75a467bc8bc40ff5069c37d91856f6'},
    {name: 'jobUpdated', hash: 'e8e492bfaf5041985055d07ad679e46b9a6440ab89424711da8818ae01d1a1f1'},
    {name: 'viewerStateUpdated', hash: '3b2014dba11e57e99faa68b6b6c4956f3e982556f0cf832d728534f4319b92c7'},
    {name: 'unreadChatsUpdated', hash: '5b4853e53ff735ae87413a9de0bce15b3c9ba19102bf03ff6ae63ff1f0f8f1cd'},
    {name: 'chatTitleUpdated', hash: 'ee062b1f269ecd02ea4c2a3f1e4b2f222f7574c43634a2da4ebeb616d8647e06'},
    {name: 'knowledgeSourceUpdated', hash: '7de63f89277bcf54f2323008850573809595dcef687f26a78561910cfd4f6c37'},
    {name: 'messagePointLimitUpdated', hash: 'ed3857668953d6e8849c1562f3039df16c12ffddaaac1db930b91108775ee16d'},
    {name: 'chatMemberAdded', hash: '21ef45e20cc8120c31a320c3104efe659eadf37d49249802eff7b15d883b917b'},
    {name: 'chatSettingsUpdated', hash: '3b370c05478959224e3dbf9112d1e0490c22e17ffb4befd9276fc62e196b0f5b'},
    {name: 'chatModalStateChanged', hash: 'f641bc122ac6a31d466c92f6c724343688c2f679963b7769cb07ec346096bfe7'},
  ],
};
