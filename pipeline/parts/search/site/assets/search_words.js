// What search takes for the same: one group a line, the official word first; then other names, what
// people say, frequent slips, English without blanks. A single sign counts only as a word of its own.
// What each group is meant for and what not stands in search_words.specs.txt.
export default `
火灾 着火 起火 失火 走水 着了火 烧起来 火情 火警 房子烧了 燃烧 大火 火势 火烧 纵火 fire
灭火器 灭火气 灭火筒 灭火汽 灭火罐 灭火瓶 干粉筒 extinguisher fireextinguisher
消防通道 生命通道 安全通道 消防车通道 救火通道 堵通道 firelane
消防栓 消火栓 消防龙头 消防水栓 hydrant
消防车 救火车 fireengine firetruck
消防员 消防队员 救火员 消防战士 消防兵 firefighter
消防站 消防队 消防中队 消防大队 消防救援站 firestation
拨打119 打119 报火警 打火警 火警电话 报火险 报警电话
烟感报警器 烟感 烟雾报警器 烟雾探测器 火灾报警器 感烟 smokealarm smokedetector
喷淋 喷头 自动喷水 消防喷淋 sprinkler
湿毛巾 捂口鼻 捂住口鼻 湿布 捂嘴
电气火灾 电器着火 电器起火 电线着火 线路老化 电路老化 短路 漏电 跳闸 electricalfire
插线板 插排 插板 接线板 拖线板 排插 插座 powerstrip
电热毯 电褥子 电热被 电毯子 electricblanket
取暖器 小太阳 电暖器 油汀 暖风机 电暖气 电火桶 电炉子 heater
取暖 采暖 烤火 取曖 生火 供暖 暖气 暖气片 地暖 供热 烧火 火炕 heating
火盆 炭盆 炭火盆 炭火 烧炭 木炭 炭炉 charcoal
煤炉 炉子 火炉 煤球炉 蜂窝煤炉 炉灶 土炉 stove
烟囱 烟筒 烟道 排烟管 chimney
一氧化碳 煤气中毒 一氧化炭 煤烟中毒 碳中毒 炭中毒 co中毒 煤毒 炉子中毒 闷着了 carbonmonoxide
油锅起火 油锅着火 炒菜着火 油锅 锅着火 厨房着火 oilfire
厨房 灶台 灶具 煤气灶 燃气灶 炉灶台 厨具 炉具 炊具 伙房 kitchen
住宅火灾 家庭防火 家里防火 居家防火 家里着火 家里消防 睡前巡查 睡前检查 homefire
森林防火 护林防火 森林防灭火 林区防火 山林防火
森林火灾 山火 林火 山上着火 山林着火 森林起火 wildfire forestfire
森林防火期 防火期 禁火期 封山 封山期 防火季 不让点火
禁火令 禁火 禁火区 禁止用火 不准用火 野外用火 用火 fireban
护林员 巡山员 看山的 护林人 ranger
上坟 祭扫 扫墓 烧纸 烧香 祭祖 清明祭 香烛 纸钱 拜坟 挂青 香火 祭奠 祭拜 上香 tombsweeping
烧秸秆 秸秆焚烧 秸秆 烧荒 烧田埂 烧地 烧杂草 烧草 焚烧 烧垃圾 烧谷草 strawburning
烧烤 野炊 野餐 bbq barbecue
打火机 火种 火柴 火源 点火 带火 自来火 洋火 火机 lighter
吸烟 抽烟 烟头 香烟 抽根烟 丢烟头 纸烟 烟蒂 烟卷 烟民 烟屁股 smoking
孔明灯 天灯 许愿灯 skylantern
烟花爆竹 鞭炮 烟花 炮仗 爆竹 花炮 烟花暴竹 烟火 放炮 摔炮 礼花 焰火 炮竹 二踢脚 冲天炮 仙女棒 firework fireworks firecracker
禁放 限放 禁燃 禁止燃放 燃放 放烟花 放鞭炮
电动自行车 电瓶车 电动车 电单车 小电驴 电瓶自行车 电驴 电动单车 电马儿 电摩 ebike electricbike ebikes
充电 充电桩 充电棚 充电口 充电点 充电端口 充电柜 冲电 飞线 飞线充电 charging charger
锂电池 电瓶 蓄电池 电池 电池鼓包 鼓包 电池鼓了 干电池 battery
楼道 楼梯间 走廊 过道 楼梯口 楼道堆物 堆杂物 杂物 走道 门厅 corridor
电梯 坐电梯 升降机 困电梯 elevator lift
高层建筑 高层 高楼 高层住宅 大厦 写字楼 摩天大楼 highrise
商场 超市 市场 农贸市场 集贸市场 mall
仓库 库房 储存 存放 堆放 warehouse
出租屋 出租房 租房 群租房 合租 rental
网吧 ktv 歌厅 酒吧 娱乐场所 公众聚集场所
养老院 敬老院 福利院 老年公寓 养老机构
酒店 宾馆 旅馆 民宿 旅店 招待所 客栈 住宿 农家乐 旅社 公寓 旅舍 投宿 过夜 hotel hostel
疏散图 逃生图 逃生路线 逃生路线图 疏散路线 疏散通道 安全出口 逃生通道 出口 exit
应急灯 应急照明 手电 手电筒 疏散指示 电筒 头灯 照明灯 蜡烛 flashlight
消防体验 消防体验点 消防开放日 消防体验馆 参观消防站 消防科普 消防教育馆
消防宣传月 消防月 119宣传月 消防日 全国消防日 消防宣传 119消防
消防演练 消防演习 灭火演练 firedrill
餐饮 饭店 餐馆 饭馆 餐厅 小吃店 饭铺 面馆 火锅店 开店 小饭店 食堂 饭厅 馆子 饭庄 菜馆 大排档 厨师 restaurant
外卖 骑手 外卖员 送餐 快递 快递员 delivery rider
燃气 煤气 天然气 液化气 管道气 沼气 gas naturalgas
燃气泄漏 煤气泄漏 漏气 煤气味 燃气味 漏煤气 气味 异味 臭味 怪味 gasleak
液化气罐 煤气罐 燃气罐 液化气瓶 钢瓶 煤气瓶 气瓶 煤气坛 煤气坛子 气罐 液化石油气 lpg cylinder
软管 胶管 橡胶管 气管 燃气管 燃气软管 hose
阀门 总阀 角阀 关阀 开关阀 切断阀 valve
燃气报警器 可燃气体报警器 可燃气体探测器 gasalarm
一氧化碳报警器 报警器 煤气报警器 co报警器 报警仪 alarm detector
热水器 燃气热水器 洗澡 浴室 澡堂 浴池 洗浴 淋浴 waterheater
检修电话 抢修 抢修电话 燃气公司 维修电话
危险化学品 危化品 化学危险品 危化 化工 化工厂 化学品 危险品 化工企业 hazmat chemical chemicals
泄漏 泄露 跑冒滴漏 漏出来 外泄 leak spill
储罐 罐区 球罐 油罐 tank
加油站 加气站 油库 gasstation
爆炸 炸了 闪爆 爆燃 炸 炸裂 爆裂 炸开 explosion blast
中毒 熏倒 晕倒 昏倒 昏迷 晕过去 窒息 休克 昏厥 晕厥 不省人事 缺氧 poisoning
硫化氢 有毒气体 毒气 臭鸡蛋味 h2s 毒瓦斯 甲烷 有害气体
粉尘 粉尘爆炸 涉爆粉尘 铝粉 木粉 dust
液氨 氨气 氨 涉氨 制冷 ammonia
重大危险源 危险源 两重点一重大
剧毒 剧毒化学品 农药 甲醇 农药中毒 pesticide
偷排 排污 废气 排气 污染 排放 pollution
有限空间 密闭空间 受限空间 有限空简 狭小空间 confinedspace
窨井 下水道 阴井 污水井 井下 井盖 下井 检查井 地下管道 地井 排水沟 排污沟 暗沟 排水管 manhole sewer
化粪池 粪池 粪坑 沼气池 污水池 腌菜池 septic
清池 清淤 清掏 掏粪 清理化粪池 清井 清理窨井 清污
通风 送风 换气 鼓风 通风机 风机 排风 排风扇 开窗 透气 ventilation
盲目施救 盲目救人 下去救 下去救人 跳下去救 拉人 救人
监护人 看护人 监护 监护员 看护
安全绳 安全带 系绳 保险绳 harness
检测仪 气体检测 检测 测气 测氧 氧含量
动火 电焊 焊接 切割作业 气焊 切割 焊工 动火作业 焊 烧焊 明火作业 电焊机 焊机 气割 乙炔 hotwork welding welder
动火票 动火证 作业票 动火审批 特殊作业 特殊作业票 permit
高处作业 高空作业 登高 登高作业 吊篮 高空坠落 坠落 高处坠落 跌落 摔落 摔下来 坠亡 workatheight
脚手架 架子 模板支撑 架子工 scaffold
吊装 起重 塔吊 吊车 起重机 crane
基坑 管沟 沟槽 挖沟 深基坑 挖坑 土方 trench excavation
坍塌 塌方 垮塌 倒塌 坍踏 塌陷 塌了 垮了 埋人 被埋 坍方 凹陷 房塌 墙倒 collapse
工地 建筑工地 施工 施工现场 建筑施工 在建 construction
工棚 板房 活动板房 宿舍 寝室 dormitory
触电 电击 漏电伤人 electricshock
机械伤害 机器绞 绞伤 夹伤 设备伤人
停产 停工 停业 歇业 放假停产 shutdown
复工 复产 复工复产 开工 复工验收
检修 维修 检维修 修设备 maintenance
安全员 安全管理人员 安全管理员 专职安全员 安全主任 safetyofficer
培训 学习班 培训班 上课 安全培训 教育培训 学员 听课 授课 讲课 training
特种作业操作证 特种作业证 操作证 焊工证 电工证 上岗证 特种作业 复审 证件过期 证过期 certificate licence
许可证 经营许可 执照 资质 安全生产许可证 许可 证照 审批 批文 permitlicence
有限空间装备 三脚架 呼吸器 正压式呼吸器 防毒面具 空呼 breathingapparatus
劳动防护 防护用品 劳保 劳保用品 防护服 安全帽 ppe
矿山 煤矿 非煤矿山 矿井 矿 井下矿 mine mining
瓦斯 瓦斯爆炸 瓦斯超限 煤与瓦斯突出 methane
透水 突水 矿井水害 老空水
冒顶 片帮 顶板 顶板事故
尾矿库 尾矿 尾矿坝 头顶库 tailings
采石场 露天矿 石场 爆破 开山放炮 quarry
洪水 发大水 大水 涨水 发洪水 洪涝 洪灾 水灾 涨大水 洪峰 暴洪 水患 水害 洪流 汛情 洪涝灾害 flood flooding
山洪 山洪爆发 山红 山洪灾害 山洪暴发 沟里涨水 flashflood mountainflood
泥石流 土石流 泥流 debrisflow mudslide
滑坡 山体滑坡 地质灾害 塌山 山体垮塌 落石 滚石 崩塌 地灾 landslide
暴雨 大雨 强降雨 爆雨 暴风雨 下大雨 降雨 大暴雨 特大暴雨 瓢泼大雨 雨大 豪雨 倾盆大雨 骤雨 急雨 阵雨 下雨 雨天 落雨 滂沱大雨 连阴雨 降水 rainstorm rain heavyrain
内涝 积水 水浸 淹水 被淹 淹了 进水 水淹 水泡 淹 涝灾 涝害 淹没 排涝 抽水 抽水机 水泵 waterlogging
地下车库 地库 地下停车场 车库 下穿通道 下穿 隧道 涵洞 underpass garage
车辆涉水 涉水 涉水行车 泡水车 车泡水 过水路 过水 熄火 水里开车
沙袋 挡水板 防水板 防汛沙袋 sandbag
防汛 防讯 防洪 抗洪 防汎 汛期 防汛抗旱 防汛办 floodcontrol
水库 塘坝 山塘 大坝 坝 堤坝 水坝 蓄水池 塘堰 水塘 reservoir dam
溃坝 垮坝 决堤 决口 水库垮 溃堤 水库要垮 坝垮了 坝裂 大坝裂缝 dambreak
泄洪 放水 泄水 开闸 泄量 排洪 discharge
水位 汛限水位 水尺 超警 警戒水位 水深 waterlevel
管涌 渗水 渗漏 漏水 渗流 堤坝漏水
巡查 巡坝 巡堤 查险 巡逻 巡护 看坝 patrol
值守员 水库值守员 看水库 守水库 守坝 巡查员 水管员 守夜 keeper
漫水桥 过水桥 桥 过桥 bridge
河滩 河边 沟边 沟口 河道 亲水平台 江边 谷底 河床 河谷 峡谷 山谷 山沟 河流 溪沟 riverside
溺水 落水 玩水 野泳 游泳 下河 下水 淹死 掉水里 游野泳 洗冷水澡 溺亡 冲走 落水者 drowning swimming
救生衣 救生圈 桨板 乘船 坐船 救生艇 lifejacket
露营 帐篷 扎营 搭帐篷 宿营 野营 露营地 camping
干旱 旱灾 天旱 抗旱 缺水 大旱 旱情 亢旱 drought
台风 颱风 刮台风 台风天 飓风 强台风 超强台风 热带风暴 热带气旋 typhoon
大风 刮大风 狂风 阵风 强风 风大 大风预警 暴风 疾风 西北风 起风 风暴 大风天 gale wind strongwind
雷电 打雷 雷击 雷雨 闪电 雷暴 雷 雷阵雨 强对流 雷暴雨 雷鸣 打闪 霹雳 避雷 避雷针 lightning thunder thunderstorm
冰雹 下冰雹 雹子 下雹子 风雹 雹灾 hail
龙卷风 龙卷 tornado
沙尘暴 沙尘 扬沙 浮尘 沙尘天气 沙暴 风沙 黄沙 sandstorm
大雾 起雾 雾 雾霾 霾 团雾 能见度 fog smog
高空坠物 花盆 阳台 广告牌 掉东西 坠落物 坠物 高空抛物 掉落 落物 砸伤
寒潮 降温 冷空气 寒朝 大风降温 变冷 强冷空气 天冷 气温骤降 寒流 强寒流 冷气团 冷锋 寒气 强降温 倒春寒 骤冷 coldwave cold
低温 严寒 冻害 霜冻 霜 冻 零下 冰冻 封冻 上冻 寒冷 冰天雪地 挨冻 冻伤 freezing frost
道路结冰 结冰 路滑 路面结冰 桥面结冰 薄冰 冰 打滑 路上有冰 icyroad ice
下雪 暴雪 大雪 雪 雪灾 积雪 雨雪 降雪 雪天 扫雪 铲雪 除雪 snow blizzard
水管冻 水管冻裂 防冻 防冻防凝 冻凝 冻裂 水管冻住 水管 保温
保暖 防寒 御寒 棉衣 取暖过冬 过冬 冬装 冬衣 厚衣服
大棚 温室大棚 蔬菜大棚 草帘 蔬菜 菜地 greenhouse
畜禽 牲口 牛羊 养殖 猪圈 鸡舍 livestock
高温 酷热 热浪 天热 热天 太热 高温天气 桑拿天 高温预警 炎热 酷暑 暑热 暑天 三伏 三伏天 heat heatwave hot
中暑 热射病 晒晕 热晕 晒晕了 heatstroke
露宿 流浪 睡街 睡大街 流浪汉 救助站 街头露宿 救助点 乞讨 睡马路 homeless
地震 震感 地振 余震 地动 抖起来 房子晃 房子摇 earthquake quake
地震预警 地震警报 手机地震 地震提醒 earthquakewarning
伏地 蹲下 趴下 躲桌子 桌子底下 桌下 抓牢 遮挡 护头 抱头 duck
废墟 埋压 被压 压住 埋住 埋在 埋在底下 压在下面 rubble
求救 呼救 求救信号 呼喊 敲管子 吹哨 哨子 信号 求助 求援 告急 呼援 sos help
避难场所 避难所 应急避难 避难地点 避难点 避险场所 安置点 避难的地方 躲的地方 避难 应急避难所 避难处 shelter shelters
容纳人数 能住多少人 容量 容纳 装多少人 住得下 capacity
宠物 猫 狗 猫狗 带狗 带猫 pet pets dog cat
疏散演练 应急演练 演练 演习 疏散演习 演炼 逃生演练 逃生练习 drill exercise
转移 撤离 撤退 撤 撤走 搬走 疏散 搬家 转移群众 搬迁 撤出 转移安置 紧急转移 evacuation evacuate
逃生 逃跑 逃 往哪跑 往哪走 逃命 跑出去 逃出去 自救 怎么跑 跑 怎么逃 逃出来 escape
避险 避灾 躲避 躲 躲哪 躲哪儿 往哪躲 躲灾
明白卡 路线图 转移路线 转移路线图 集合点
被困 困住 迷路 走丢 走失 找不到路 迷失 失联 lost trapped
救援 营救 抢救 搜救 救出 救命 援救 搭救 解救 拯救 施救 抢险 救险 支援 增援 救援队 rescue
应急包 应急箱 急救包 家庭应急包 应急物品 急救箱 应急袋 逃生包 emergencykit gobag
救灾物资 抗灾物资 应急物资 救援物资 赈灾物资 物资 物资储备 棉被 帐篷棉被 折叠床 储备点 relief supplies
心肺复苏 人工呼吸 胸外按压 按压胸口 急救 心脏骤停 心跳停了 猝死 cpr firstaid
aed 除颤器 除颤仪 defibrillator
包扎 止血 流血 伤口 烫伤 烧伤 灼伤 出血 外伤 创伤 创口 骨折 burns bleeding
120 急救电话 救护车 叫救护车 打120 急诊 救护 救护人员 急救中心 护士 医护人员 医务人员 ambulance
无人机 航拍 drone
预警 予警 警报 预告 预警信息 预警信号 预警发布 warning alert
解除 取消预警 预警解除 解除预警 警报解除 结束了 lifted cancelled
预警短信 短信预警 短信提醒 收不到短信 没收到短信 短信 sms
红色预警 一级预警 红色警报 一级 1级 红警 redalert
橙色预警 二级预警 橙色 二级 2级 橙色警报 orange
黄色预警 三级预警 黄色 三级 3级 黄色警报 yellow
蓝色预警 四级预警 蓝色 四级 4级 蓝色警报 blue
火险 森林火险 火险等级 森林火险等级 林区火险 firedanger firerisk
天气预报 天气 气象 预报 气象台 weather forecast
应急响应 启动响应 响应 响应等级 response
停课 不上课 停学 放不放学 classsuspension
大喇叭 广播 村广播 高音喇叭 喇叭 铜锣 敲锣 扩音器 loudspeaker broadcast
通知 公告 通告 告示 布告 公函 来函 发文 红头文件 notice announcement
辟谣 谣言 不实 传言 假消息 僻谣 屁谣 造谣 传谣 网传 谣传 假的 是真的吗 真的假的 真假 rumor rumour fakenews
核查 核实 查证 核对 调查核实 审查 复核 审核 verify
裂缝 开裂 裂了 裂开 裂纹 裂隙 裂痕 裂口 龟裂 crack
事故 出事 出事故 安全事故 生产安全事故 出了事 accident incident
事故调查 调查组 事故通报 事故原因 调查报告 通报 事故经过 investigation
死亡 死人 死了 遇难 伤亡 死了几个 人没了 身亡 丧生 死伤 遇难者 死难 死者 丧命 去世 death casualties
受伤 伤者 伤员 送医 伤了 受伤者 负伤 伤病员 injured
一般事故 较大事故 重大事故 特别重大事故 事故等级
处罚 罚款 惩戒 惩处 行政处罚 罚单 罚钱 罚多少 罚 挨罚 罚金 惩罚 重罚 吊销 没收 penalty fine
整改 改正 责令改正 限期整改 整顿 整治 治理 专项整治 rectification
违法 违规 违章 犯法 非法 私自 违反规定 犯罪 违纪 不法 illegal violation
行政执法 执法 执法检查 查处 立案 监察 enforcement
典型案例 案例 案件 以案释法 曝光 案子 case cases
移送公安 公安 警察 派出所 110 报警 打110 公安局 警方 警官 民警 巡警 交警 police
追责 追究责任 刑事责任 坐牢 判刑 责任 赔偿 问责 刑罚 入刑
拘留 抓人 被抓 抓起来
非法储存 私存 偷存 偷偷存 囤 囤积 私藏 违规存放 illegalstorage
检查 排查 抽查 巡检 大检查 体检 查 督查 暗访 专项检查 视察 督导 巡视 监督 稽查 inspection check
隐患 安全隐患 隐患排查 危险 hazard
举报 投诉 检举 揭发 报料 告状 反映 举报电话 检举电话 上报 举报方式 报案 控告 汇报 上访 complaint tipoff whistleblower
匿名 保密 不实名 泄露信息 知道是我 知道是谁 泄密 泄漏信息 暴露 anonymous confidential
奖励 奖金 有奖 有奖举报 赏金 reward
12350 安全生产举报 安全举报电话 安监举报 安监电话 安全生产热线
12345 市长热线 便民热线 政务热线 热线 市民热线 hotline
119 消防电话
联系方式 联系电话 电话号码 值班电话 打哪个电话 打什么电话 号码 电话 phone contact telephone number
应急管理局 应急局 安监局 应急管理 应急办 安监 应急部门 emergencymanagement
水利局 水务局 水利 水利部门
气象局 气象部门 气象台站
林业局 林草局 林业 林业部门
住建局 住建 建设局 城建局 住建部门
市场监管 市场监管局 工商 工商局 质监局
生态环境 环保局 环保 环境局 生态环境局
民政局 民政 低保 困难家庭 低收入 低收入家庭 五保户 lowincome
村委会 村委 村部 社区 居委会 居委 街道 村干部 乡镇 village community
物业 物管 业委会 物业公司 小区 property
政策解读 政策 解读 一图读懂 一文读懂 新规 新规定 规定 policy
管理办法 办法 条例 法规 法律 规章 安全生产法 章程 规程 law regulation
征求意见 意见征集 征集意见 公开征求 提意见 提建议 征求意见稿 建议 consultation
工作方案 实施方案 方案 计划 plan
预案 应急预案 应急方案 预案备案 contingency
转载 转发 转自 reprint
撤回 作废 取消 撤销 收回 废止 失效 withdrawn
更正 纠错 写错 错误 改错 勘误 更正说明 correction
回应留言 留言回复 留言 问答 答疑 评论 问题回复 常见问题 答复 回复 回应 faq reply
短视频 视频 动画 短片 片子 video clip
值班 值守 放假值班 假期值班 守班 在岗 带班 值日 轮值 夜班 值夜 duty
放假 放假安排 假期 休假 放几天假 调休 小长假 长假 holiday
上班时间 工作时间 办公时间 几点上班 几点下班 开放时间 几点开门 几点关门 营业时间 开门时间 几点到几点 openinghours
政务服务 政务大厅 办事大厅 办事窗口 窗口 办证 办证大厅 servicecentre
预约 报名 登记 申请 申报 怎么申请 怎么报名 怎么报 apply application
免费 不收费 不要钱 要钱 收费 收不收费 要花钱 花钱 贵不贵 费用 free cost fee
地址 位置 地点 在哪里 哪个地方 哪个公园 附近 最近 where location
名单 清单 列表 目录 表格 花名册 名册 报表 list
安装 装 上门安装 怎么装 装在哪 装哪儿 install installation
公园 广场 体育场 体育中心 操场 park square
学校 校园 中小学 小学 中学 校内 school
幼儿园 托儿所 幼儿 kindergarten
儿童 孩子 小孩 小朋友 娃 娃娃 娃儿 小娃 未成年人 未成年 学生 细娃 kid kids child children
老人 老年人 独居老人 空巢老人 老头 老太太 老太婆 老人家 奶奶 爷爷 独居 长者 祖母 祖父 外婆 外公 姥姥 老伴 老爷爷 老奶奶 长辈 elderly
家长 父母 爸妈 家里人 家人 亲属 家属 亲人 儿女 子女 parent parents
孕妇 产妇 婴儿 婴幼儿 宝宝 坐月子 新生儿 孕产妇 pregnant baby
残疾人 听障 聋哑 行动不便 轮椅 听障人士 聋人 盲人 视障 失明 瘫痪 disabled deaf
游客 旅客 驴友 外地人 游人 tourist
外来务工 农民工 打工 工人 职工 员工 民工 职员 雇员 工友 务工人员 从业人员 migrant worker workers
邻居 隔壁 左邻右舍 邻里 对门 街坊 四邻 neighbour neighbor
群众 居民 老百姓 市民 村民 百姓 农民 乡亲 农户 民众 公众 public resident
开学 新学期 上学 返校 开学前 backtoschool
上学路 接送 接娃 放学 校门口 过马路
头盔 戴头盔 安全头盔 helmet
寒假 暑假 假期安全 署假 放暑假 vacation
中秋 中秋节 赏月 月饼节 midautumn moon
国庆 国庆节 十一 十一黄金周 黄金周 十一长假 国庆假期 nationalday
春节 过年 新年 大年 除夕 年关 springfestival
元旦 跨年 newyear
清明 清明节 qingming
端午 龙舟 端午节 dragonboat
灯会 花灯 灯展 庙会 看灯 赏灯 元宵 看花灯 lanternfair lantern
人多拥挤 拥挤 踩踏 人挤人 挤住 人太多 人多 挤 人流 大型活动 被挤 stampede crowd
出行 出门 旅游 自驾 自驾游 出游 旅行 开车出去 观光 度假 外出 游览 travel trip tourism
高速 高速公路 应急车道 警示牌 三角牌 车坏 抛锚 车坏了 爆胎 expressway highway breakdown
开车 驾车 行车 驾驶 司机 drive driving
交通 堵车 拥堵 封路 路况 交通管制 traffic
爬山 登山 徒步 进山 上山 入山 爬坡 山上 步行 徒步走 hiking climbing
秋游 郊游 踏青 春游 outing
检查站 卡口 关卡 卡点 检查点 checkpoint
扫码 登记册 扫码登记 入山登记 二维码
秋收 收割 收稻子 晒场 粮场 晒谷 打谷场 晒谷场 烘干 烘干机 harvest
农机 拖拉机 收割机 tractor
粮食 粮仓 玉米 水稻 稻谷 苞米 苞谷 稻子 谷子 小麦 庄稼 grain
国际减灾日 减灾日 防灾减灾 防灾减灾日 减灾 减灾宣传 防灾减灾宣传 disasterreduction
安全生产月 安全月 安全宣传 安全生产 safetymonth
宣传活动 宣传 活动 科普 讲座 campaign event
集市 赶集 赶场 逢集 赶圩 market
志愿者 义工 志愿服务 网格员 volunteer
一线干部 一线风采 基层干部 干部 先进 人物 frontline
绳结 打绳结 打结 双八字结 系绳子 knot
雨量 雨量筒 降雨量 毫米 rainfall
踢到井盖 井盖缺失 井盖没了 窨井盖 没井盖 manholecover
路面塌陷 地面塌陷 路塌了 地陷 sinkhole
停电 断电 没电 拉闸 poweroutage blackout
停水 断水 没水 wateroutage
特种设备 锅炉 压力容器 压力管道 boiler
游乐设施 游乐场 过山车 大型游乐 rides
燃气自闭阀 自闭阀 熄火保护
自建房 危房 老房子 违建 房屋安全 老旧小区 老房 unsafehouse
冷库 保温板 泡沫板 彩钢板 聚氨酯 冷链 coldstorage
直播 拍照 围观 拍视频 拍摄 录像 录视频 摄像 livestream
保险 安责险 安全生产责任保险 insurance
补贴 补助 救助 灾后救助 临时救助 赔付 救济 津贴 资助 扶贫 救济金 救助金 慰问金 subsidy relieffund
灾后 灾后重建 重建 恢复 消毒 防疫 recovery
灾情 受灾 灾害 受灾情况 自然灾害 天灾 灾难 灾祸 灾区 灾民 disaster
堤防 河堤 堤岸 大堤 江堤 护岸 防洪堤 embankment
道路 马路 大街 公路 路面 street highroad
`;

// Words that say what somebody wants and not of what: beside a word that no post has they find nothing.
export const COMMON = "登记 报名 申请 申报 预约 办理 办证 补办 换证 查询 查看 打印 下载 更改 结果 成绩 标准 流程 手续 条件 材料 资料 " +
  "费用 价格 收费 免费 补贴 补助 津贴 救助 救济 奖励 名单 清单 目录 表格 时间 日期 地点 地址 位置 附近 最近 哪里 电话 号码 热线 " +
  "联系电话 联系方式 网站 官网 公告 通知 通告 规定 政策 办法 条例 计划 方案 安装 维修 服务 咨询 窗口 做法 大全 区别 意思 原因 作用 " +
  "好处 图片 视频 教程 推荐 排名 新闻 公司 注销 取消 保险 管理 招聘 介绍 放假 上班时间";
